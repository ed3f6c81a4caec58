// The page is whole without this: it adds the filter, and opens a finding that is linked to.
(() => {
	'use strict';
	const form = document.querySelector('.filter');
	if (!form)
		return;
	const text = form.querySelector('#text');
	const severity = form.querySelector('#severity');
	const output = form.querySelector('output');
	const findings = [...document.querySelectorAll('.finding')];
	const words = findings.map(() => null);

	// The text of a finding is read when it is first asked for.
	const wordsOf = (i) => words[i] ??= findings[i].textContent.toLowerCase();

	const filter = () => {
		const asked = text.value.toLowerCase().split(/\s+/).filter(Boolean);
		const least = Number(severity.value);
		let shown = 0;
		findings.forEach((finding, i) => {
			const fits = Number(finding.dataset.severity) >= least &&
			    asked.every((word) => wordsOf(i).includes(word));
			finding.hidden = !fits;
			shown += fits;
		});
		output.textContent = shown === findings.length ? `${shown} findings` : `${shown} of ${findings.length} findings`;
	};

	const find = (words) => {
		text.value = words;
		severity.value = '0';
		filter();
	};

	const open = () => {
		const target = /^#f\d+$/.test(location.hash) && document.querySelector(location.hash);
		if (!target)
			return;
		if (target.hidden)
			find('');
		target.open = true;
		target.scrollIntoView();
		target.querySelector('summary').focus({preventScroll: true});
	};

	let waiting;
	text.addEventListener('input', () => {
		clearTimeout(waiting);
		waiting = setTimeout(filter, 60);
	});
	severity.addEventListener('change', filter);
	form.addEventListener('submit', (event) => event.preventDefault());
	document.addEventListener('click', (event) => {
		const link = event.target.closest('.find');
		if (link)
			find(link.dataset.find);
	});
	window.addEventListener('hashchange', open);
	form.hidden = false;
	open();
})();
