// SPDX-License-Identifier: Apache-2.0
// How long a page takes in Chromium until it can be used, the median of five loads:
// node page.js PAGE prints "MILLISECONDS WHAT" lines.
'use strict';
const {pathToFileURL} = require('node:url');
const puppeteer = require('puppeteer-core');

const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];

// From the start of the load: when it was parsed, when it was first painted.
const load = async (page, file) => {
	await page.goto(file);
	return page.evaluate(() => new Promise((done) => {
		requestAnimationFrame(() => setTimeout(() => done([
			performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, performance.now(),
		])));
	}));
};

// From a key to the frame that shows what fits: 60 ms of it is typing that has to rest.
const filter = (page) => page.evaluate(() => new Promise((done) => {
	const text = document.querySelector('#text');
	const output = document.querySelector('.filter output');
	const before = performance.now();
	new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => done(performance.now() - before))))
		.observe(output, {childList: true, characterData: true, subtree: true});
	text.value = 'power';
	text.dispatchEvent(new Event('input'));
}));

const run = async (path) => {
	const browser = await puppeteer.launch({executablePath: '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu']});
	const parsed = [], painted = [], filtered = [];
	for (let i = 0; i < 5; i++) {
		const page = await browser.newPage();
		const [at, shown] = await load(page, pathToFileURL(path).href);
		parsed.push(at);
		painted.push(shown);
		filtered.push(await filter(page));
		await page.close();
	}
	await browser.close();
	console.log(`${Math.round(median(parsed))} until it is read and its script has run`);
	console.log(`${Math.round(median(painted))} until it is painted`);
	console.log(`${Math.round(median(filtered))} from a key to what fits`);
};

run(process.argv[2]).catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
