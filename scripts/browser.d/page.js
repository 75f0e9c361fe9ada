// Questions to a page; checks.py asks them. Each function returns a list of what is wrong.
const isSeen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('.sr, .skip');
const describe = (node) => `${node.tagName.toLowerCase()}${node.id ? '#' + node.id : ''} "${node.textContent.trim().slice(0, 30)}"`;

const questions = {
  /** What assistive technology needs. */
  structure() {
    const faults = [];
    const expect = (holds, fault) => { if (!holds) faults.push(fault); };
    const all = (selector) => [...document.querySelectorAll(selector)];
    expect(['sv', 'en'].includes(document.documentElement.lang), 'html has no language');
    expect(document.title.trim(), 'no title');
    expect(all('h1').filter(isSeen).length === 1, 'not one h1');
    expect(all('main').length === 1, 'not one main');
    let level = 0;
    for (const heading of all('h1, h2, h3').filter(isSeen)) {
      const next = Number(heading.tagName[1]);
      expect(next <= level + 1, `${describe(heading)} skips a level`);
      level = next;
    }
    for (const node of all('nav')) expect(node.getAttribute('aria-label'), 'nav without a name');
    for (const node of all('img')) expect(node.hasAttribute('alt'), 'img without alt');
    for (const node of all('svg')) expect(node.closest('[aria-hidden=true]') || (node.getAttribute('role') === 'img' && node.getAttribute('aria-label')), 'svg without a name');
    for (const node of all('[role=meter]')) expect(node.getAttribute('aria-label') && node.getAttribute('aria-valuetext'), 'meter without a name');
    for (const node of all('select, input, button')) expect(node.labels?.length || (node.tagName === 'BUTTON' && node.textContent.trim()), `${describe(node)} has no label`);
    for (const node of all('a, summary').filter(isSeen)) expect(node.textContent.trim() && (node.tagName !== 'A' || node.href), `${describe(node)} leads nowhere`);
    for (const node of all('section')) expect(document.getElementById(node.getAttribute('aria-labelledby')), 'section without a heading');
    for (const node of all('figure').filter(isSeen)) expect(node.querySelectorAll('table tbody tr').length, 'chart without a table');
    for (const node of all('table').filter((node) => node.rows.length)) expect(node.caption && node.querySelector('th[scope=col]') && node.querySelector('th[scope=row]'), 'table without caption or headers');
    const ids = all('[id]').map((node) => node.id);
    expect(new Set(ids).size === ids.length, 'an id is there twice');
    expect(document.querySelector('[role=status]'), 'no live region');
    return faults;
  },

  /** Texts that do not stand out from what is behind them (WCAG 2.1, 1.4.3). */
  contrast() {
    const luminance = (colour) => colour.slice(0, 3).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const parse = (text) => { const parts = text.match(/[\d.]+/g).map(Number); return parts.length === 3 ? [...parts, 1] : parts; };
    const faults = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let count = 0;
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      if (!walker.currentNode.textContent.trim() || !isSeen(node) || node.closest('noscript, option')) continue;
      const style = getComputedStyle(node);
      let behind = node;
      while (behind.parentElement && parse(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
      const back = parse(getComputedStyle(behind).backgroundColor);
      if (back[3] !== 1) { faults.push(`nothing behind ${describe(node)}`); continue; }
      const levels = [luminance(parse(node instanceof SVGElement ? style.fill : style.color)), luminance(back)].sort((a, b) => b - a);
      const ratio = (levels[0] + 0.05) / (levels[1] + 0.05);
      count++;
      if (ratio < 4.5) faults.push(`${describe(node)} has a contrast of ${ratio.toFixed(2)}`);
    }
    if (count < 5) faults.push(`only ${count} texts are seen`);
    return faults;
  },

  /** What does not fit; on a wall nothing may be cut off either. */
  overflow(isWhole) {
    const page = document.documentElement, faults = [];
    if (page.scrollWidth > innerWidth) faults.push(`${page.scrollWidth} wide in ${innerWidth}`);
    for (const node of document.querySelectorAll('main *, header *, footer *')) {
      if (!isSeen(node) || node instanceof SVGElement) continue;
      const box = node.getBoundingClientRect();
      if (box.right > innerWidth + 1 || box.left < -1) faults.push(`${describe(node)} sticks out to the side`);
      if (isWhole && (box.bottom > innerHeight + 1 || box.top < -1)) faults.push(`${describe(node)} sticks out below`);
      const card = node.closest('.card');
      if (card && (box.right > card.getBoundingClientRect().right + 1 || (isWhole && box.bottom > card.getBoundingClientRect().bottom + 1))) faults.push(`${describe(node)} sticks out of its card`);
    }
    if (isWhole && page.scrollHeight > innerHeight) faults.push(`${page.scrollHeight} high in ${innerHeight}`);
    return faults;
  },

  /** Where the focus is, and whether that shows. */
  focus() {
    const node = document.activeElement, style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    const shows = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 1 && box.height > 1;
    const stops = [...document.querySelectorAll('a[href], select, summary, [tabindex="0"]')].filter((stop) => stop.checkVisibility());
    return { stop: stops.indexOf(node), of: stops.length, name: describe(node), shows };
  },

  /** The figures that are shown, as texts without blanks. */
  figures() {
    const text = (node) => node?.textContent.replace(/\s/g, '') ?? null;
    const counties = {};
    for (const row of document.querySelectorAll('#bars tbody tr:not(.silent)')) counties[row.cells[0].textContent] = [text(row.cells[2]), text(row.cells[3].firstChild)];
    return {
      value: text(document.getElementById('value')), percent: text(document.getElementById('percent')), of: text(document.getElementById('of')),
      status: document.querySelector('#status strong')?.textContent, facts: [...document.querySelectorAll('#facts dd')].map((node) => text(node.firstChild)),
      total: text(document.querySelector('#series tbody tr')?.lastElementChild), counties,
      silent: document.querySelectorAll('#bars .silent').length, delta: document.getElementById('delta').hidden ? null : text(document.getElementById('delta')),
      state: document.getElementById('fresh').dataset.state, said: document.getElementById('say').textContent,
    };
  },
};
