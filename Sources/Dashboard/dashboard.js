// The dashboard and the card for other sites. They show one snapshot at a time: progress, series and breakdown of one
// version, so that the page never contradicts itself.
'use strict';
(() => {
  const root = document.documentElement;
  const lang = root.lang;
  const isWall = root.dataset.screen === 'wall';
  const isCard = root.dataset.screen === 'embed';
  // The service may live below any path; it is where this script is.
  const base = new URL('.', document.currentScript.src);
  const query = new URLSearchParams(location.search);
  const byId = (id) => document.getElementById(id);

  // MARK: Words

  const words = {
    sv: {
      skip: 'Till innehållet', goal: 'Mål', options: 'Visning', wall: 'Storskärm', dark: 'Mörkt', light: 'Ljust',
      other: 'In English', curve: 'Utveckling', asTable: 'Visa som tabell', counties: 'Per län', regions: 'Per region',
      latest: 'Senast', data: 'Öppna data:', progress: 'läge', series: 'utveckling', breakdown: 'län', api: 'API',
      embed: 'Bädda in på en annan webbplats', full: 'Visa hela', missing: 'Det finns inget sådant mål.',
      none: 'Det finns inga mål ännu.', failed: 'Siffrorna kan inte hämtas just nu. Nytt försök görs strax.',
      of: 'av {n} {unit}', ofDown: 'målet är {n} {unit}', expected: 'Väntat i dag: {n}', expectedEnd: 'Väntat: {n}',
      actual: 'Utfall', plan: 'Plan', forecast: 'Om det går som de senaste 90 dagarna', trend: 'Om det går vidare längs linjen', target: 'Mål {n}',
      period: 'Period', during: 'Under perioden', total: 'Totalt', county: 'Län', region: 'Region', perThousand: 'per 1 000 invånare',
      count: 'Antal', silent: 'ingen rapport', hidden: '1–4', unplaced: 'Utan län', just: '{n} nyss',
      chart: '{value} {on}, mot väntade {expected}. Målet är {target} {end}.',
      remaining: 'Kvar till målet', perDay: 'Behövs per dag', perDayNote: 'till och med {date}',
      arrival: 'Beräknat framme', early: { one: '{n} dag före slutet', other: '{n} dagar före slutet' },
      late: { one: '{n} dag efter slutet', other: '{n} dagar efter slutet' }, inTime: 'på sista dagen',
      never: 'Nås inte i nuvarande takt', unknown: 'Går inte att säga än', atEnd: '{n} vid slutet',
      daysLeft: 'Tid kvar', days: { one: '{n} dag', other: '{n} dagar' }, ofDays: 'av {n}',
      pace: 'Jämfört med planen', lastReport: 'Senaste rapport {when}', noReport: 'Ingen rapport ännu',
      live: 'Direkt', polling: 'Var tionde sekund', offline: 'Ingen kontakt',
      updated: 'uppdaterad {when}', now: 'nyss', final: 'Slutliga siffror', preliminary: 'Preliminära siffror',
      rate: '{n} av {m} väntade organisationer har rapporterat ({p})', say: '{value} {of}, {percent}. {status}.',
      status: {
        ahead: ['Före planen', 'good'], onTrack: ['På väg', 'good'], achieved: ['Målet är nått', 'good'],
        atRisk: ['Efter planen', 'warn'], offTrack: ['Långt efter planen', 'bad'], missed: ['Målet nåddes inte', 'bad'],
        awaitingReports: ['Väntar på de sista rapporterna', 'wait'], insufficientData: ['För tidigt att säga', 'wait'],
        notStarted: ['Har inte börjat', 'wait'], cancelled: ['Inställt', 'wait'],
      },
      reason: {
        plan: '{p} av det som väntas i dag: {n} mot {m}.', awaitingReports: 'Tiden är ute. Rapporter kan komma tills kampanjen låses.',
        achieved: 'Hela målet är uppnått.', missed: 'Tiden är ute och {r} fattas.', insufficientData: 'Bara några dagar har gått.', notObserved: 'Inget har observerats än.',
        notStarted: 'Börjar {start}.', cancelled: 'Målet gäller inte längre.',
      },
      unit: { people: 'personer', visits: 'besök', interactions: 'kontakter', activities: 'aktiviteter', municipalities: 'kommuner' },
    },
    en: {
      skip: 'Skip to content', goal: 'Goal', options: 'Display', wall: 'Wall screen', dark: 'Dark', light: 'Light',
      other: 'På svenska', curve: 'Over time', asTable: 'Show as a table', counties: 'By county', regions: 'By region',
      latest: 'Latest', data: 'Open data:', progress: 'progress', series: 'series', breakdown: 'counties', api: 'API',
      embed: 'Embed in another site', full: 'Show all', missing: 'There is no such goal.',
      none: 'There are no goals yet.', failed: 'The figures cannot be fetched right now. Trying again shortly.',
      of: 'of {n} {unit}', ofDown: 'the target is {n} {unit}', expected: 'Expected today: {n}', expectedEnd: 'Expected: {n}',
      actual: 'Result', plan: 'Plan', forecast: 'If it goes on as in the last 90 days', trend: 'If it goes on along the line', target: 'Target {n}',
      period: 'Period', during: 'In the period', total: 'Total', county: 'County', region: 'Region', perThousand: 'per 1,000 inhabitants',
      count: 'Count', silent: 'no report', hidden: '1–4', unplaced: 'No county', just: '{n} just now',
      chart: '{value} {on}, against {expected} expected. The target is {target} {end}.',
      remaining: 'Remaining', perDay: 'Needed per day', perDayNote: 'until {date}',
      arrival: 'Projected arrival', early: { one: '{n} day before the end', other: '{n} days before the end' },
      late: { one: '{n} day after the end', other: '{n} days after the end' }, inTime: 'on the last day',
      never: 'Not reached at this pace', unknown: 'Too early to say', atEnd: '{n} at the end',
      daysLeft: 'Time left', days: { one: '{n} day', other: '{n} days' }, ofDays: 'of {n}',
      pace: 'Against the plan', lastReport: 'Last report {when}', noReport: 'No report yet',
      live: 'Live', polling: 'Every ten seconds', offline: 'No contact',
      updated: 'updated {when}', now: 'just now', final: 'Final figures', preliminary: 'Preliminary figures',
      rate: '{n} of {m} expected organisations have reported ({p})', say: '{value} {of}, {percent}. {status}.',
      status: {
        ahead: ['Ahead of plan', 'good'], onTrack: ['On track', 'good'], achieved: ['Goal reached', 'good'],
        atRisk: ['At risk', 'warn'], offTrack: ['Off track', 'bad'], missed: ['Goal missed', 'bad'],
        awaitingReports: ['Awaiting the last reports', 'wait'], insufficientData: ['Too early to tell', 'wait'],
        notStarted: ['Not started', 'wait'], cancelled: ['Cancelled', 'wait'],
      },
      reason: {
        plan: '{p} of what is expected by today: {n} against {m}.', awaitingReports: 'The time is over. Reports may come until the campaign is locked.',
        achieved: 'All of the goal is achieved.', missed: 'The time is over and {r} are missing.', insufficientData: 'Only a few days have passed.', notObserved: 'Nothing has been observed yet.',
        notStarted: 'Starts {start}.', cancelled: 'The goal is no longer pursued.',
      },
      unit: { people: 'people', visits: 'visits', interactions: 'interactions', activities: 'activities', municipalities: 'municipalities' },
    },
  }[lang];

  const locale = lang === 'sv' ? 'sv-SE' : 'en-GB';
  const decimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const wholes = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const hundredths = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const shares = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const wholeShares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const plurals = new Intl.PluralRules(locale);
  const dates = (options) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  const longDate = dates({ day: 'numeric', month: 'long', year: 'numeric' });
  const shortDate = dates({ day: 'numeric', month: 'short', year: 'numeric' });
  const dayAndMonth = dates({ day: 'numeric', month: 'short' });
  const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

  /** A text with `{name}` replaced. */
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const counted = (forms, n) => fill(forms[plurals.select(n)] || forms.other, { n: wholes.format(n) });

  // MARK: Days

  const dayLength = 864e5;
  /** The number of a date's day. */
  const day = (text) => Date.parse(text) / dayLength;
  const dateOf = (number) => new Date(number * dayLength);
  const long = (text) => longDate.format(Date.parse(text));

  /** How long ago an instant was, in words. */
  function ago(time) {
    const seconds = Math.max(0, Math.round((Date.now() - time) / 1000));
    if (seconds < 5) return words.now;
    if (seconds < 60) return relative.format(-seconds, 'second');
    if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
    if (seconds < 86400) return relative.format(-Math.floor(seconds / 3600), 'hour');
    return clock.format(time);
  }

  // MARK: Elements

  /** A new element with attributes and children; texts are never markup. */
  function make(name, attributes = {}, ...children) {
    const space = root.namespaceURI, svg = 'http://www.w3.org/2000/svg';
    const node = document.createElementNS(/^(svg|path|g|line|circle|text)$/.test(name) ? svg : space, name);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(key, value);
    node.append(...children.filter((child) => child !== undefined && child !== null));
    return node;
  }

  /** Sets a text where there is a place for it, and only when it is new. */
  function put(id, text) {
    const node = typeof id === 'string' ? byId(id) : id;
    if (node && node.textContent !== text) node.textContent = text;
  }

  const show = (node, isShown) => { if (node) node.hidden = !isShown; };
  const section = (name) => document.querySelector('.' + name);

  // MARK: Asking

  class Refused extends Error {
    constructor(status) { super(`status ${status}`); this.status = status; }
  }

  let served;

  async function get(path) {
    const headers = { Accept: 'application/json', 'Accept-Language': lang };
    // The browser asks with the ETag it has, and gives the kept answer for a 304.
    const answer = await fetch(new URL(path, base), { headers, cache: 'no-cache' });
    // A wall shows this for months; a new version of the service brings a new version of the page.
    const version = answer.headers.get('API-Version');
    if (isWall && served && version && version !== served) location.reload();
    served = version;
    if (!answer.ok) throw new Refused(answer.status);
    return answer.json();
  }

  /** Null for what a goal does not have, such as counties of a stock. */
  const optional = (path) => get(path).catch((error) => {
    if (error.status >= 400 && error.status < 500) return null;
    throw error;
  });

  /** All items of a list. */
  async function list(path) {
    const items = [];
    for (let page = 1; ; page++) {
      const answer = await get(`${path}&page=${page}`);
      items.push(...answer.items);
      if (!answer.items.length || items.length >= answer._meta.totalRecords) return items;
    }
  }

  // MARK: Which goal

  const isRunning = (goal, today) => !goal.cancelled && goal.startsOn <= today && today <= goal.endsOn;
  const byEnd = (a, b) => a.endsOn.localeCompare(b.endsOn) || a.id.localeCompare(b.id);

  /** The running goal that ends first, else the latest that has begun, else the first to come. */
  function chosen(goals) {
    const today = new Date().toLocaleDateString('sv-SE');
    const sorted = [...goals].sort(byEnd);
    return sorted.find((goal) => isRunning(goal, today))
      || sorted.filter((goal) => goal.startsOn <= today && !goal.cancelled).pop() || sorted[0];
  }

  // MARK: One snapshot

  let id;
  let shown;

  function interval(goal) {
    const days = day(goal.endsOn) - day(goal.startsOn) + 1;
    return days <= 62 ? 'day' : days <= 750 ? 'week' : days <= 4000 ? 'month' : 'year';
  }

  /** Everything the page shows, of one version. */
  async function read(id) {
    const path = `v1/goals/${encodeURIComponent(id)}`;
    if (isCard) return { progress: await get(`${path}/progress`) };
    const goal = await get(path);
    const parts = (asOf = '') => [
      // A survey's answers have no days: its curve would be what is known now, from the first day on.
      goal.predicate && goal.predicate.survey ? null : optional(`${path}/series?interval=${interval(goal)}${asOf}`),
      // What is observed and not counted has no parts.
      goal.kind === 'contribution' ? optional(`${path}/breakdown?by=county${asOf}`) : null,
    ];
    let [progress, series, counties] = await Promise.all([get(`${path}/progress`), ...parts()]);
    const differs = (part) => part && part.version !== progress.version;
    for (let turn = 0; turn < 2 && (differs(series) || differs(counties)); turn++) {
      [progress, series, counties] = await Promise.all([get(`${path}/progress`), ...parts()]);
    }
    // When counts come faster than they can be asked for, what was known at one instant stands still.
    if (differs(series) || differs(counties)) {
      [series, counties] = await Promise.all(parts(`&asOf=${encodeURIComponent(progress.asOf)}`));
    }
    // Figures of the whole country only say nothing of its counties.
    if (counties && counties.rows.length && counties.rows.every((row) => row.key === null)) counties = null;
    return { goal, progress, series, counties, areas: counties ? await areasOf(goal) : [] };
  }

  const areas = new Map();

  /** The counties of which reports are awaited; none when the goal's scope says less than a county. */
  async function areasOf(goal) {
    const scope = (goal.scope && goal.scope.areas) || [];
    const key = `${goal.campaign} ${scope}`;
    if (!areas.has(key)) {
      const campaign = goal.campaign ? await get(`v1/campaigns/${goal.campaign}`) : { countries: ['se'] };
      const items = await list(`v1/areas?level=county&country=${campaign.countries.join(',')}&limit=200`);
      areas.set(key, items.filter((area) => !scope.length || scope.includes(area.id) || scope.includes(area.country)));
    }
    return areas.get(key);
  }

  // MARK: Showing

  const ticks = { good: 'M6.5 12.5 10.5 16.5 17.5 8.5', warn: 'M12 6v7.5M12 17.5v.01', bad: 'M8 8l8 8M16 8l-8 8', wait: 'M12 6.5V12l4 2.5' };

  function render(next) {
    const before = shown && shown.progress.goal === next.progress.goal ? shown : null;
    shown = next;
    const { progress } = next;
    show(byId('notice'), false);
    show(section('hero'), true);
    show(document.querySelector('footer'), true);
    put('name', progress.name);
    document.title = `${percentOf(progress)} · ${progress.name} · Digidel`;
    renderFigure(progress, before && before.progress);
    renderStatus(progress);
    if (isCard) return;
    put('period', dates({ dateStyle: 'long' }).formatRange(Date.parse(progress.explanation.startsOn), Date.parse(progress.explanation.endsOn)));
    renderFacts(progress);
    show(section('curve'), next.series && next.series.buckets.length > 0);
    if (!section('curve').hidden) renderCurve();
    show(section('counties'), next.counties);
    byId('main').classList.toggle('solo', !next.counties);
    if (next.counties) renderCounties(next, before && before.counties);
    renderLatest();
    renderAbout(progress);
  }

  const percentOf = (progress) => shares.format(progress.achieved / progress.required);
  const isDown = (progress) => progress.target < progress.baseline;
  const unitOf = (progress) => words.unit[progress.unit] || progress.unit || '';
  const ofText = (progress) => fill(isDown(progress) ? words.ofDown : words.of, { n: decimals.format(progress.target), unit: unitOf(progress) });
  /** What is expected, as a value and not as what is gained. */
  const expectedValue = (progress) => progress.baseline + (isDown(progress) ? -1 : 1) * progress.expected;

  let deltaTimer;

  function renderFigure(progress, before) {
    put('value', decimals.format(progress.value));
    put('of', ofText(progress));
    put('percent', percentOf(progress));
    const meter = byId('meter'), clamp = (share) => Math.min(100, Math.max(0, share * 100)) + '%';
    meter.setAttribute('aria-label', progress.name);
    meter.setAttribute('aria-valuemax', progress.required);
    meter.setAttribute('aria-valuenow', Math.min(progress.required, Math.max(0, progress.achieved)));
    meter.setAttribute('aria-valuetext', `${decimals.format(progress.value)} ${ofText(progress)}, ${percentOf(progress)}`);
    const [bar, mark] = meter.children;
    bar.style.width = clamp(progress.achieved / progress.required);
    mark.style.left = clamp(progress.expected / progress.required);
    const text = progress.on > progress.explanation.endsOn ? words.expectedEnd : words.expected;
    put('expected', fill(text, { n: wholes.format(expectedValue(progress)) }));
    if (byId('expected')) byId('expected').style.width = mark.style.left;
    const change = before ? progress.value - before.value : 0;
    if (!before) show(byId('delta'), false);
    if (change) {
      put('delta', fill(words.just, { n: signed.format(change) }));
      show(byId('delta'), true);
      clearTimeout(deltaTimer);
      deltaTimer = setTimeout(() => show(byId('delta'), false), 60e3);
      say(progress);
    }
  }

  function renderStatus(progress) {
    const [text, tone] = words.status[progress.status] || [progress.status, 'wait'];
    const node = byId('status');
    node.dataset.tone = tone;
    node.querySelector('path').setAttribute('d', ticks[tone]);
    const [strong, reason] = node.querySelector('p').children;
    put(strong, text);
    if (!reason) return;
    const { daysElapsed, daysTotal } = progress.explanation;
    const isEarly = daysElapsed < Math.max(1, Math.min(7, Math.ceil(daysTotal / 20)));
    const why = progress.status === 'insufficientData' && !isEarly ? 'notObserved' : progress.status;
    const rule = words.reason[why] || (progress.pace === null ? '' : words.reason.plan);
    put(reason, fill(rule, {
      p: progress.pace === null ? '' : wholeShares.format(progress.pace), n: decimals.format(progress.value),
      m: wholes.format(expectedValue(progress)), r: decimals.format(progress.remaining), start: long(progress.explanation.startsOn),
    }));
  }

  function renderFacts(progress) {
    const { endsOn, daysTotal, daysElapsed } = progress.explanation;
    const facts = [];
    const isOver = progress.on > endsOn;
    if (progress.remaining > 0) facts.push([words.remaining, decimals.format(progress.remaining), unitOf(progress)]);
    if (progress.remaining > 0 && progress.requiredPerDay !== null) {
      facts.push([words.perDay, decimals.format(progress.requiredPerDay), fill(words.perDayNote, { date: dateFor(endsOn).format(Date.parse(endsOn)) })]);
    }
    if (progress.achievedOn) facts.push([words.status.achieved[0], shortDate.format(Date.parse(progress.achievedOn))]);
    else if (!isOver && progress.status !== 'notStarted' && progress.status !== 'cancelled') facts.push(arrival(progress));
    if (!isOver) facts.push([words.daysLeft, counted(words.days, daysTotal - daysElapsed), fill(words.ofDays, { n: counted(words.days, daysTotal) })]);
    else if (progress.pace !== null) facts.push([words.pace, shares.format(progress.pace), `${signed.format(progress.variance)} ${unitOf(progress)}`]);
    byId('facts').replaceChildren(...facts.map(([name, value, note]) =>
      make('div', {}, make('dt', {}, name), make('dd', {}, value, note ? make('small', {}, note) : null))));
  }

  /** The value on the last day if all goes on as of late; of what is observed, along the line through what was. */
  const outlook = ({ projection }) => projection.recent ?? projection.overall;

  function arrival(progress) {
    const { completionDate } = progress.projection, end = outlook(progress);
    if (end === null) return [words.arrival, '–', words.unknown];
    const atEnd = fill(words.atEnd, { n: wholes.format(end) });
    if (!completionDate) return [words.arrival, '–', words.never];
    const late = day(completionDate) - day(progress.explanation.endsOn);
    const note = late > 0 ? `${counted(words.late, late)}; ${atEnd}` : late < 0 ? counted(words.early, -late) : words.inTime;
    return [words.arrival, shortDate.format(Date.parse(completionDate)), note];
  }

  function renderAbout(progress) {
    const { reportingRate: rate } = progress;
    const parts = [words[progress.finality]];
    if (rate && rate.denominator > 0) {
      parts.push(fill(words.rate, { n: wholes.format(rate.numerator), m: wholes.format(rate.denominator), p: shares.format(rate.numerator / rate.denominator) }));
    }
    put('finality', parts.join(' · '));
    const path = `v1/goals/${encodeURIComponent(progress.goal)}`;
    byId('data-progress').href = new URL(`${path}/progress`, base);
    byId('data-series').href = new URL(`${path}/series?interval=${interval(shown.goal)}`, base);
    byId('data-counties').href = new URL(`${path}/breakdown?by=county`, base);
    const { campaign, measure } = progress, { startsOn, endsOn, scope } = shown.goal;
    const within = `from=${startsOn}&to=${endsOn}${scope.areas ? `&area=${scope.areas}` : ''}`;
    byId('data-csv').href = new URL(`v1/statistics?campaign=${campaign}&measure=${measure}&${within}&groupBy=county,month&format=csv`, base);
    // By organisation, kind and channel statistics divide, but do not choose.
    show(byId('data-csv'), campaign && measure && !scope.organisations && !scope.kinds && !scope.channels);
    show(byId('data-series'), shown.series);
    show(byId('data-counties'), shown.counties);
    const address = new URL(`embed/goals/${encodeURIComponent(progress.goal)}?lang=${lang}`, base);
    put('snippet', `<iframe src="${address}" title="${progress.name.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)}" width="400" height="250" loading="lazy"></iframe>`);
  }

  function renderLatest() {
    const { progress, series } = shown;
    const items = [];
    if (progress.lastReportAt) items.push(make('li', {}, ...emphasised(words.lastReport, 'when', ago(Date.parse(progress.lastReportAt)))));
    else items.push(make('li', {}, words.noReport));
    for (const bucket of series ? series.buckets.filter((bucket) => bucket.value).slice(-3).reverse() : []) {
      items.push(make('li', {}, `${bucketName(bucket)}: `, make('b', {}, signed.format(bucket.value))));
    }
    byId('latest').replaceChildren(...items);
    show(section('latest'), true);
  }

  /** The text with one of its places in bold. */
  function emphasised(text, name, value) {
    const [head, tail] = text.split(`{${name}}`);
    return [head, make('b', {}, value), tail];
  }

  /** How a date is written: the year only when it is not this one. */
  const dateFor = (date) => (date.slice(0, 4) === shown.progress.on.slice(0, 4) ? dayAndMonth : shortDate);

  /** A bucket's days. */
  const bucketName = (bucket) => dateFor(bucket.to).formatRange(Date.parse(bucket.from), Date.parse(bucket.to));

  // MARK: Counties

  function renderCounties({ counties, areas }, before) {
    const rows = [...counties.rows].sort((a, b) => (a.key === null) - (b.key === null)
      || (b.perThousand ?? -1) - (a.perThousand ?? -1) || (b.value ?? 0) - (a.value ?? 0));
    const most = Math.max(...rows.map((row) => row.perThousand ?? 0), 0.01);
    const known = new Set(rows.map((row) => row.key));
    const old = new Map(before ? before.rows.map((row) => [row.key, row.value]) : []);
    const isSwedish = [...rows, ...areas].every((row) => !row.key || row.key.startsWith('se-'));
    const title = isSwedish ? words.counties : words.regions;
    put('counties-title', title);
    const head = make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, isSwedish ? words.county : words.region),
      make('th', { scope: 'col', colspan: 2, class: 'number' }, words.perThousand), make('th', { scope: 'col', class: 'number' }, words.count)));
    const body = make('tbody');
    for (const row of rows) {
      const bar = make('span');
      bar.style.width = `${Math.max(0, row.perThousand ?? 0) / most * 100}%`;
      const change = before && row.value !== null ? row.value - (old.get(row.key) ?? 0) : 0;
      body.append(make('tr', {}, make('th', { scope: 'row' }, row.key === null ? words.unplaced : row.name),
        make('td', { class: 'line' }, row.perThousand === null ? '' : bar),
        make('td', { class: 'number strong' }, row.perThousand === null ? '–' : hundredths.format(row.perThousand)),
        make('td', { class: 'number' }, row.suppressed || row.value === null ? words.hidden : decimals.format(row.value),
          change ? make('span', { class: 'delta' }, signed.format(change)) : null)));
    }
    for (const area of areas.filter((area) => !known.has(area.id)).sort((a, b) => a.name.localeCompare(b.name, locale))) {
      body.append(make('tr', { class: 'silent' }, make('th', { scope: 'row' }, area.name), make('td', { colspan: 3 }, words.silent)));
    }
    byId('bars').replaceChildren(make('caption', { class: 'sr' }, title), head, body);
  }

  // MARK: Curve

  /** Round values for an axis from `low` to `high`. */
  function scale(low, high, count) {
    const rough = (high - low) / count || 1, power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough);
    const values = [];
    for (let value = Math.ceil(low / step) * step; value <= high + step / 1e6; value += step) values.push(value);
    return values;
  }

  /** Days to name on the time axis, and how, so that each has `room` places of the axis' `total`. */
  function timeTicks(first, last, most) {
    for (const step of [1, 2, 7, 14]) {
      if ((last - first) / step <= most) {
        return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => [first + index * step, dayAndMonth.format(dateOf(first + index * step))]);
      }
    }
    for (const step of [1, 2, 3, 6, 12, 24, 60, 120]) {
      if ((last - first) / (30.44 * step) > most) continue;
      const found = [], start = dateOf(first);
      for (let month = 0; ; month++) {
        const date = new Date(Date.UTC(start.getUTCFullYear(), month, 1)), number = date / dayLength;
        if (number > last) return found;
        const isOn = step >= 12 ? date.getUTCMonth() === 0 && date.getUTCFullYear() % (step / 12) === 0 : date.getUTCMonth() % step === 0;
        if (number < first || !isOn) continue;
        const isYear = date.getUTCMonth() === 0;
        found.push([number, isYear ? String(date.getUTCFullYear()) : dates({ month: 'short' }).format(date)]);
      }
    }
    return [];
  }

  function renderCurve() {
    const { goal, progress, series } = shown;
    const place = byId('chart'), width = place.clientWidth, height = place.clientHeight;
    if (!width || !height) return;
    const rem = parseFloat(getComputedStyle(root).fontSize);
    const first = day(goal.startsOn) - 1, last = day(goal.endsOn);
    const points = [[first, progress.baseline], ...series.buckets.map((bucket) => [day(bucket.to), bucket.cumulative])];
    const plan = [[first, progress.baseline], ...(goal.milestones || []).map((stone) => [day(stone.date), stone.value]), [last, progress.target]];
    const now = points[points.length - 1];
    const end = outlook(progress), ahead = end !== null && now[0] < last ? [now, [last, end]] : null;
    const all = [...points, ...plan].map((point) => point[1]);
    let [low, high] = [Math.min(...all), Math.max(...all)];
    if (ahead) { low = Math.max(Math.min(low, ahead[1][1]), low - (high - low) / 4); high = Math.min(Math.max(high, ahead[1][1]), high * 1.25); }
    high += (high - low) * 0.06;
    const yTicks = scale(low, high, Math.max(2, Math.min(5, height / (3.5 * rem))));
    const labels = yTicks.map((value) => decimals.format(value));
    const left = (Math.max(...labels.map((label) => label.length)) * .5 + .75) * rem;
    const right = width - .75 * rem, top = .5 * rem, bottom = height - 1.75 * rem;
    const x = (number) => left + (number - first) / (last - first) * (right - left);
    const y = (value) => bottom - (value - low) / (high - low) * (bottom - top);
    const path = (list) => list.map(([number, value], index) => `${index ? 'L' : 'M'}${x(number).toFixed(1)} ${y(Math.min(high, Math.max(low, value))).toFixed(1)}`).join('');

    const summary = fill(words.chart, {
      value: decimals.format(progress.value), on: long(now[0] < day(progress.on) ? goal.endsOn : progress.on),
      expected: wholes.format(expectedValue(progress)), target: decimals.format(progress.target), end: long(goal.endsOn),
    });
    const svg = make('svg', { role: 'img', 'aria-label': summary, viewBox: `0 0 ${width} ${height}` });
    yTicks.forEach((value, index) => svg.append(make('line', { class: 'grid', x1: left, x2: right, y1: y(value), y2: y(value) }),
      make('text', { x: left - .5 * rem, y: y(value) + .28 * rem, 'text-anchor': 'end' }, labels[index])));
    for (const [number, label] of timeTicks(first + 1, last, (right - left) / (3.25 * rem))) {
      if (x(number) > right - .75 * rem) continue;
      svg.append(make('line', { class: 'grid', x1: x(number), x2: x(number), y1: bottom, y2: bottom + .375 * rem }),
        make('text', { x: x(number), y: bottom + 1.375 * rem, 'text-anchor': 'middle' }, label));
    }
    const goalLine = y(progress.target);
    svg.append(
      make('line', { class: 'target', x1: left, x2: right, y1: goalLine, y2: goalLine }),
      make('text', { class: 'strong', x: left + .375 * rem, y: goalLine + (isDown(progress) ? -.5 : 1.25) * rem }, fill(words.target, { n: decimals.format(progress.target) })),
      make('path', { class: 'area', d: `${path(points)}L${x(now[0])} ${bottom}L${left} ${bottom}Z` }),
      make('path', { class: 'plan', d: path(plan) }));
    if (ahead) svg.append(make('path', { class: 'forecast', d: path(ahead) }));
    const guide = make('line', { class: 'now', y1: top, y2: bottom, visibility: 'hidden' });
    svg.append(guide, make('path', { class: 'actual', d: path(points) }), make('circle', { class: 'dot', cx: x(now[0]), cy: y(now[1]), r: .375 * rem }));
    place.replaceChildren(svg);

    const key = (name, text) => make('span', {}, make('svg', { viewBox: '0 0 28 12', 'aria-hidden': 'true' }, make('path', { class: name, d: 'M1 6H27' })), text);
    const readout = make('span', { class: 'readout', 'aria-hidden': 'true' });
    byId('legend').replaceChildren(key('actual', words.actual), key('plan', words.plan), ahead ? key('forecast', progress.projection.recent === null ? words.trend : words.forecast) : '', readout);
    svg.addEventListener('pointermove', (event) => {
      const at = first + (event.offsetX - left) / (right - left) * (last - first);
      const bucket = series.buckets.find((bucket) => day(bucket.to) >= at) || series.buckets[series.buckets.length - 1];
      for (const name of ['x1', 'x2']) guide.setAttribute(name, x(day(bucket.to)));
      guide.setAttribute('visibility', 'visible');
      put(readout, `${bucketName(bucket)}: ${signed.format(bucket.value)}, ${words.total.toLowerCase()} ${decimals.format(bucket.cumulative)}`);
    });
    svg.addEventListener('pointerleave', () => { guide.setAttribute('visibility', 'hidden'); put(readout, ''); });

    const cell = (text) => make('td', { class: 'number' }, text);
    const column = (text, name) => make('th', { scope: 'col', class: name }, text);
    byId('series').replaceChildren(make('caption', { class: 'sr' }, words.curve),
      make('thead', {}, make('tr', {}, column(words.period), column(words.during, 'number'), column(words.total, 'number'))),
      make('tbody', {}, ...[...series.buckets].reverse().map((bucket) => make('tr', {},
        make('th', { scope: 'row' }, bucketName(bucket)), cell(decimals.format(bucket.value)), cell(decimals.format(bucket.cumulative))))));
  }

  // MARK: Said aloud

  let saidAt = -Infinity, sayTimer;

  /** Tells a screen reader the figure, at most every 20 seconds, and then the latest. */
  function say(progress) {
    clearTimeout(sayTimer);
    sayTimer = setTimeout(() => {
      saidAt = Date.now();
      put('say', fill(words.say, { value: decimals.format(progress.value), of: ofText(progress), percent: percentOf(progress), status: (words.status[progress.status] || [progress.status])[0] }));
    }, Math.max(500, saidAt + 20e3 - Date.now()));
  }

  // MARK: Staying up to date

  let checkedAt = 0, failures = 0, state = 'polling';
  let source, sourceTimer, pollTimer, changeTimer, told, readAt = -Infinity;

  function mark(next) {
    if (next) state = next;
    const node = byId('fresh');
    node.dataset.state = state;
    put(node.lastElementChild, checkedAt ? `${words[state]} · ${fill(words.updated, { when: ago(checkedAt) })}` : words[state]);
  }

  function contact() {
    checkedAt = Date.now();
    failures = 0;
    mark(source && source.readyState === EventSource.OPEN ? 'live' : 'polling');
  }

  function lost(error) {
    failures++;
    if (!shown || shown.progress.goal !== id) {
      notice(error.status === 404 ? words.missing : words.failed);
      if (error.status === 404) return;
    }
    mark('offline');
  }

  function notice(text) {
    for (const node of document.querySelectorAll('main > section')) show(node, false);
    show(document.querySelector('footer'), false);
    put('notice', text);
    put('say', text);
    show(byId('notice'), true);
  }

  /** Reads all anew, at most every two seconds however often it is told. */
  function changed() {
    if (changeTimer) return;
    changeTimer = setTimeout(refresh, Math.max(0, readAt + 2000 - Date.now()));
  }

  async function refresh() {
    const asked = id;
    readAt = Date.now();
    try {
      const next = await read(asked);
      if (asked !== id) return;
      render(next);
      contact();
      if (!source) connect();
    } catch (error) {
      if (asked === id) lost(error);
    } finally {
      changeTimer = undefined;
      again();
      // What was told while this was being read.
      if (asked === id && shown && told && told.goal === id && isLater(told, shown.progress)) changed();
    }
  }

  /** Whether a progress is another than the one that is shown. */
  const isNews = (progress) => !shown || progress.goal !== shown.progress.goal || progress.version !== shown.progress.version || progress.on !== shown.progress.on;

  const isLater = (one, other) => one.version > other.version || one.on > other.on;

  /** Asks whether there is anything new: every ten seconds, now and then while events come, seldom while nothing works. */
  function again(soon) {
    clearTimeout(pollTimer);
    const seconds = soon ? soon : failures ? Math.min(120, 5 * 2 ** failures) : state === 'live' ? 30 : 10;
    pollTimer = setTimeout(poll, seconds * 1000);
  }

  async function poll() {
    if (!shown || failures) return changed();
    const asked = id;
    try {
      const progress = await get(`v1/goals/${encodeURIComponent(asked)}/progress`);
      if (asked !== id) return;
      contact();
      if (isNews(progress)) changed();
    } catch (error) {
      if (asked === id) lost(error);
    }
    again();
  }

  function connect() {
    disconnect();
    if (!window.EventSource || document.hidden) return;
    source = new EventSource(new URL(`v1/goals/${encodeURIComponent(id)}/progress/stream`, base));
    source.addEventListener('open', () => {
      mark('live');
      if (failures) changed();
      again();
    });
    source.addEventListener('progress', (event) => {
      contact();
      told = JSON.parse(event.data);
      if (isNews(told)) changed();
    });
    source.addEventListener('error', () => {
      // Whether that is the stream or all of the service shows in asking.
      if (state === 'live') { mark('polling'); again(1); }
      // The browser tries again by itself, unless it was refused.
      if (source && source.readyState === EventSource.CLOSED) sourceTimer = setTimeout(connect, 60e3);
    });
  }

  function disconnect() {
    clearTimeout(sourceTimer);
    if (source) source.close();
    source = undefined;
  }

  async function open(next) {
    id = next;
    shown = undefined;
    failures = 0;
    clearTimeout(changeTimer);
    const select = byId('goals');
    if (select) select.value = id;
    if (!isCard) links();
    disconnect();
    await refresh();
  }

  // MARK: Links

  /** This page with other parameters. */
  function address(changes) {
    const url = new URL(isCard ? base : location.href);
    for (const [name, value] of Object.entries({ goal: id, ...changes })) url.searchParams.set(name, value);
    return url.href;
  }

  function links() {
    const other = lang === 'sv' ? 'en' : 'sv';
    const language = byId('other-language');
    put(language, words.other);
    language.href = address({ lang: other });
    language.lang = language.hreflang = other;
    const chosenTheme = root.dataset.theme;
    const isDark = chosenTheme === 'dark' || (chosenTheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    put('other-theme', isDark ? words.light : words.dark);
    byId('other-theme').href = address({ theme: isDark ? 'light' : 'dark' });
    byId('wall-link').href = address({ screen: 'wall' });
  }

  // MARK: Start

  for (const node of document.querySelectorAll('[data-text]')) put(node, words[node.dataset.text]);
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', words[node.dataset.label]);
  document.addEventListener('visibilitychange', () => {
    // A hidden page gives its connection back: browsers have six for a site.
    if (document.hidden) return disconnect();
    if (id && shown) { connect(); poll(); }
  });
  setInterval(() => { mark(); if (shown && !isCard) renderLatest(); }, 5000);
  if (window.ResizeObserver && !isCard) {
    new ResizeObserver(() => { if (shown && shown.series && !section('curve').hidden) renderCurve(); }).observe(byId('chart'));
  }

  async function start() {
    if (isCard) {
      id = document.body.dataset.goal;
      byId('full').href = address({ lang });
      return open(id);
    }
    let goals;
    try {
      goals = await list('v1/goals?sort=endsOn&limit=200');
    } catch {
      notice(words.failed);
      setTimeout(start, 10e3);
      return;
    }
    if (!goals.length) return notice(words.none);
    byId('goals').replaceChildren(...goals.map((goal) => make('option', { value: goal.id }, goal.name)));
    byId('goals').addEventListener('change', (event) => {
      history.pushState(null, '', (() => { id = event.target.value; return address({}); })());
      open(event.target.value);
    });
    addEventListener('popstate', () => open(new URLSearchParams(location.search).get('goal') || chosen(goals).id));
    show(section('choice'), goals.length > 1);
    show(section('options'), true);
    await open(query.get('goal') || chosen(goals).id);
    const seconds = Number(query.get('rotate'));
    const today = new Date().toLocaleDateString('sv-SE');
    const running = goals.filter((goal) => isRunning(goal, today));
    const turn = running.length > 1 ? running : goals;
    if (isWall && seconds >= 5 && turn.length > 1) {
      setInterval(() => open(turn[(turn.findIndex((goal) => goal.id === id) + 1) % turn.length].id), seconds * 1000);
    }
  }

  start();
})();
