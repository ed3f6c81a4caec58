// SPDX-License-Identifier: Apache-2.0
// Drives a report's page in Chromium: node drive.js BROWSER PAGE CASE. BROWSER is the address that
// Chromium's debugging port is at. Exits 1 and says what is not as it should be.
'use strict';
const assert = require('node:assert/strict');
const {pathToFileURL} = require('node:url');
const axe = require('axe-core');
const puppeteer = require('puppeteer-core');

const widths = {phone: 360, tablet: 800, desktop: 1440};
const looks = {light: ['screen', 'light'], dark: ['screen', 'dark'], print: ['print', 'light']};

// What glides into sight is not there yet when it is looked for.
const still = {name: 'prefers-reduced-motion', value: 'reduce'};

const setWidth = (page, width) => page.setViewport({width, height: 900});

const setLook = async (page, look) => {
	const [media, scheme] = looks[look];
	await page.emulateMediaType(media);
	await page.emulateMediaFeatures([still, {name: 'prefers-color-scheme', value: scheme}]);
};

// Every width in every look.
const eachView = async (page, each) => {
	for (const [device, width] of Object.entries(widths))
		for (const look of Object.keys(looks)) {
			await setWidth(page, width);
			await setLook(page, look);
			await each(`${device}, ${look}`);
		}
};

const openAll = (page) => page.$$eval('details', (all) => all.forEach((one) => { one.open = true; }));

const shown = (page) => page.$$eval('.finding', (all) => all.filter((one) => one.checkVisibility()).length);

const said = (page) => page.$eval('.filter output', (output) => output.textContent);

// What was typed is acted on when typing rests.
const says = (page, text) => page.waitForFunction(
	(wanted) => document.querySelector('.filter output').textContent === wanted, {timeout: 20000}, text);

const focused = (page) => page.evaluate(() => {
	const at = document.activeElement;
	const style = getComputedStyle(at);
	const box = at.getBoundingClientRect();
	return {
		tag: at.localName, id: at.id || at.parentElement?.id, text: at.textContent.trim(),
		ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
		inside: box.width > 0 && box.height > 0 && box.left >= 0 && box.top >= 0 &&
			box.right <= innerWidth && box.top < innerHeight,
		covered: !at.contains(document.elementFromPoint(box.left + box.width / 2,
			box.top + Math.min(box.height / 2, 10))),
	};
});

// Presses keys, until what has the focus is as wanted; each stop on the way can be seen.
const goTo = async (page, wanted, most, back) => {
	for (let i = 0; i < most; i++) {
		if (back)
			await page.keyboard.down('Shift');
		await page.keyboard.press('Tab');
		if (back)
			await page.keyboard.up('Shift');
		const at = await focused(page);
		assert.ok(at.ring && at.inside && !at.covered, `the focus cannot be seen: ${JSON.stringify(at)}`);
		if (wanted(at))
			return at;
	}
	return assert.fail(`not reached in ${most} steps`);
};

const cases = {
	// Nothing has to be scrolled sideways, closed or open, and no name is squeezed.
	async fits(page) {
		for (const act of [async () => {}, openAll]) {
			await act(page);
			await eachView(page, async (view) => {
				const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				assert.ok(over <= 0, `${view}: ${over} px too wide`);
				const broken = await page.$$eval('#trends th a, .badge', (all) => all.filter(
					(one) => one.getClientRects().length > 1).map((one) => one.textContent));
				assert.deepEqual(broken, [], `${view}: in pieces`);
			});
		}
	},

	async accessible(page) {
		await openAll(page);
		await page.evaluate(axe.source);
		await eachView(page, async (view) => {
			const found = await page.evaluate(async () => (await window.axe.run()).violations.map(
				(one) => `${one.id}: ${one.help}: ${one.nodes.length}, first ${one.nodes[0].html}`));
			assert.deepEqual(found, [], view);
		});
	},

	async keyboard(page) {
		for (const width of Object.values(widths)) {
			await setWidth(page, width);
			await page.reload();
			assert.equal((await goTo(page, () => true, 1)).text, 'To the findings');
			await page.keyboard.press('Enter');
			await goTo(page, (at) => at.id === 'text', 1);
			await page.keyboard.type('memory');
			await says(page, '4 of 8 findings');
			const at = await goTo(page, ({tag}) => tag === 'summary', 3);
			await page.keyboard.press('Enter');
			assert.equal(await page.$eval(`#${at.id}`, (one) => one.open), true);
			await goTo(page, ({tag}) => tag === 'summary', 4);
		}
	},

	// Every stop from the first to the last and back, on a low screen where much has to scroll.
	async stops(page) {
		const last = await page.$$eval('.finding', (all) => all.at(-1).id);
		for (const [width, height] of [[360, 400], [800, 500], [1440, 400]]) {
			await page.setViewport({width, height});
			await page.reload();
			await goTo(page, ({id}) => id === last, 100);
			await goTo(page, ({text}) => text === 'To the findings', 100, true);
		}
	},

	async filter(page) {
		assert.equal(await said(page), '8 findings');
		assert.equal(await page.$eval('.filter output', (output) => output.computedRole ?? 'status'), 'status');
		await page.type('#text', 'compute-0001');
		await says(page, '2 of 8 findings');
		assert.equal(await shown(page), 2);
		await page.type('#text', ' MEMORY');
		await says(page, '1 of 8 findings');
		assert.equal(await shown(page), 1);
		await page.type('#text', ' nowhere');
		await says(page, '0 of 8 findings');
		assert.equal(await shown(page), 0);
		await page.$eval('#text', (text) => { text.value = ''; });
		await page.select('#severity', '3');
		await says(page, '4 of 8 findings');
		assert.equal(await shown(page), 4);
	},

	// Each place of the fleet and each change leads to its finding; each item and check to all of it.
	async links(page) {
		const dead = await page.$$eval('a[href]', (all) => all.map((one) => one.getAttribute('href')).filter(
			(href) => !href.startsWith('#') || !document.getElementById(href.slice(1))));
		assert.deepEqual(dead, []);
		for (const place of ['#changes', '#fleet']) {
			const link = await page.$(`${place} a[href^="#f"]`);
			const id = await link.evaluate((one) => one.getAttribute('href').slice(1));
			await page.select('#severity', '4');
			await says(page, '0 of 8 findings');
			await link.click();
			await page.waitForFunction((to) => {
				const one = document.getElementById(to);
				return one.open && one.checkVisibility() && one.contains(document.activeElement);
			}, {timeout: 20000}, id);
		}
		await openAll(page);
		for (const [which, text] of [[1, '2 of 8 findings'], [2, '4 of 8 findings']]) {
			const link = (await page.$$('.finding dd a.find'))[which - 1];
			await link.evaluate((one) => one.click());
			await says(page, text);
			await page.$eval('#text', (input) => { input.value = ''; input.dispatchEvent(new Event('input')); });
			await says(page, '8 findings');
		}
	},

	// The markup is the report's own, and all of the fleet's is read as text.
	async hostile(page) {
		await openAll(page);
		assert.equal(await page.$$eval('script', (all) => all.length), 1);
		assert.deepEqual(await page.$$eval('img, iframe, object, embed, b[id], [onerror], [onload], link, base',
			(all) => all.map((one) => one.outerHTML)), []);
		const text = await page.$eval('main', (main) => main.innerText);
		for (const part of process.argv.slice(5))
			assert.ok(text.includes(part), `not shown as text: ${part}`);
		await page.$$eval('.find', (all) => all.forEach((one) => one.click()));
	},

	// Even a script that came into the markup would not run, and nothing that it names be loaded.
	async injected(page) {
		await page.evaluate(() => {
			const script = document.createElement('script');
			script.textContent = 'alert(1)';
			document.body.append(script);
			document.body.insertAdjacentHTML('beforeend',
				'<img src="https://example.com/x.png" onerror="alert(2)"><a href="javascript:alert(3)" id="x">x</a>');
			document.getElementById('x').click();
		});
		await new Promise((done) => { setTimeout(done, 200); });
	},

	async withoutScript(page) {
		await page.setJavaScriptEnabled(false);
		await page.reload();
		assert.equal(await page.$eval('.filter', (one) => one.checkVisibility()), false);
		assert.equal(await shown(page), 8);
		await (await page.$('.finding summary')).click();
		assert.equal(await page.$eval('.finding', (one) => one.open), true);
	},
};

// What should not happen on any page, and did.
const watch = async (page, file) => {
	const wrong = [];
	page.on('dialog', (dialog) => {
		wrong.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
	const asked = new Map();
	const network = await page.createCDPSession();
	await network.send('Network.enable');
	network.on('Network.requestWillBeSent', ({requestId, request}) => {
		if (request.url.split('#')[0] !== file)
			asked.set(requestId, request.url);
	});
	// What the page's policy stopped has left nowhere.
	network.on('Network.loadingFailed', ({requestId, blockedReason}) => {
		if (blockedReason === 'csp')
			asked.delete(requestId);
	});
	return () => [...wrong, ...asked.values()];
};

const drive = async (address, path, name) => {
	const browser = await puppeteer.connect({browserURL: address, defaultViewport: null});
	const context = await browser.createBrowserContext();
	try {
		const page = await context.newPage();
		const file = pathToFileURL(path).href;
		const wrong = await watch(page, file);
		await setWidth(page, widths.desktop);
		await page.emulateMediaFeatures([still]);
		await page.goto(file);
		await cases[name](page);
		assert.deepEqual(wrong(), []);
	} finally {
		await context.close();
		await browser.disconnect();
	}
};

drive(...process.argv.slice(2, 5)).catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
