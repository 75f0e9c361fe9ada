'use strict';
// What the guide can do beside being read: copy, find, try. Everything is made of the page's own text.

const words = {
  sv: {
    copy: 'Kopiera', copied: 'Kopierat', find: 'Sök bland anropen', attempt: 'Prova', send: 'Sänd', key: 'Nyckel', keyHint: 'Stannar på sidan.',
    waiting: 'Väntar på svar …', failed: 'Tjänsten gick inte att nå.', fields: 'Svarets fält', body: 'Svarets innehåll', cut: '… resten visas inte', none: 'inget',
  },
  en: {
    copy: 'Copy', copied: 'Copied', find: 'Find an operation', attempt: 'Try it', send: 'Send', key: 'Key', keyHint: 'Stays on this page.',
    waiting: 'Waiting for the answer …', failed: 'The service could not be reached.', fields: 'Fields of the answer', body: 'Content of the answer', cut: '… the rest is not shown', none: 'none',
  },
}[document.documentElement.lang];

/** How much of an answer is shown, and how long a stream is listened to. */
const MOST_CHARACTERS = 20000, STREAM_SECONDS = 3;

function make(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

// Copying

function addCopyButton(pre) {
  const button = make('button', { type: 'button', className: 'copy', textContent: words.copy, lang: document.documentElement.lang });
  button.addEventListener('click', async () => {
    const text = pre.querySelector('code').textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages that came over plain HTTP have no clipboard.
      const area = make('textarea', { value: text, className: 'sr' });
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
      button.focus();
    }
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 2000);
  });
  pre.prepend(button);
}

// Finding

function addSearch(place) {
  const input = make('input', { type: 'search', id: 'search', autocomplete: 'off' });
  place.append(make('label', { htmlFor: 'search', textContent: words.find }), input);
  const groups = [...document.querySelectorAll('.contents li > details')];
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    for (const group of groups) {
      let found = 0;
      for (const item of group.querySelectorAll('li')) {
        const operation = document.getElementById(item.firstElementChild.hash.slice(1));
        const text = `${item.textContent} ${operation.dataset.path} ${operation.id}`.toLowerCase();
        item.hidden = !text.includes(wanted);
        if (!item.hidden) found++;
      }
      group.parentElement.hidden = !found;
      group.open = wanted !== '' && found > 0;
    }
  });
}

// Trying

function field(id, parameter) {
  const { name, choices, value } = parameter.dataset;
  const isChoice = Boolean(choices);
  const input = isChoice
    ? make('select', { id, name }, make('option', { value: '', textContent: '' }), ...choices.split(' ').map((choice) => make('option', { value: choice, textContent: choice })))
    : make('input', { id, name, autocomplete: 'off', spellcheck: false, value: value ?? '' });
  input.dataset.in = parameter.dataset.in;
  input.required = parameter.dataset.in === 'path';
  return make('div', {}, make('label', { htmlFor: id }, make('code', { textContent: name })), input);
}

/** Where a form leads: the path with its values, and the query without those that are empty. */
function address(operation, form) {
  let path = operation.dataset.path;
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll('[data-in]')) {
    if (input.dataset.in === 'path') path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value) query.append(input.name, input.value);
  }
  const text = query.toString();
  return new URL(path + (text ? `?${text}` : ''), document.baseURI);
}

/** The text of an answer, as much of it as is shown; a stream is listened to for a while. */
async function read(answer, stop) {
  if (!answer.body) return '';
  const isStream = answer.headers.get('Content-Type')?.startsWith('text/event-stream');
  if (isStream) setTimeout(() => stop.abort(), STREAM_SECONDS * 1000);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += value;
      if (text.length > MOST_CHARACTERS) {
        stop.abort();
        return text;
      }
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return text;
  }
}

async function send(operation, form, result) {
  const url = address(operation, form), headers = {}, key = form.querySelector('[type=password]')?.value, stop = new AbortController();
  if (key) headers.Authorization = `Bearer ${key}`;
  result.replaceChildren(make('p', { className: 'status', textContent: words.waiting }));
  try {
    const answer = await fetch(url, { headers, cache: 'no-store', credentials: 'omit', signal: stop.signal });
    let text = await read(answer, stop);
    const isWhole = text.length <= MOST_CHARACTERS;
    if (isWhole && answer.headers.get('Content-Type')?.includes('json')) text = JSON.stringify(JSON.parse(text), null, 2);
    const fields = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    const body = make('pre', { tabIndex: 0 }, make('code', { textContent: isWhole ? text || words.none : `${text.slice(0, MOST_CHARACTERS)}\n${words.cut}` }));
    const details = make('details', { className: 'code' }, make('summary', { textContent: words.fields }), make('pre', {}, make('code', { textContent: fields })));
    body.setAttribute('aria-label', words.body);
    body.setAttribute('role', 'region');
    result.replaceChildren(
      make('p', { className: 'status' }, `${answer.status} ${answer.statusText}`), make('p', { className: 'hint' }, make('code', { textContent: `GET ${url.pathname}${url.search}` })), details, body);
  } catch {
    result.replaceChildren(make('p', { className: 'status', textContent: words.failed }));
  }
}

function addForm(place) {
  const operation = place.closest('.operation');
  const id = (name) => `${operation.id}-${name}`;
  const parameters = [...operation.querySelectorAll('.parameters > [data-in=path], .parameters > [data-in=query]')];
  const fields = make('div', { className: 'fields' }, ...parameters.map((parameter) => field(id(parameter.dataset.name), parameter)));
  if ('key' in operation.dataset) {
    const input = make('input', { type: 'password', id: id('secret'), autocomplete: 'off' });
    fields.append(make('div', {}, make('label', { htmlFor: input.id, textContent: words.key }), input, make('span', { className: 'hint', textContent: words.keyHint })));
  }
  const result = make('div', { className: 'result' });
  result.setAttribute('role', 'status');
  const form = make('form', {}, ...(fields.childElementCount ? [fields] : []), make('div', { className: 'row' }, make('button', { textContent: words.send })), result);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(operation, form, result);
  });
  form.lang = document.documentElement.lang;
  place.append(form);
  return form;
}

function addTry(place) {
  const button = make('button', { type: 'button', textContent: words.attempt });
  let form;
  button.setAttribute('aria-expanded', 'false');
  button.addEventListener('click', () => {
    form ? form.hidden = !form.hidden : form = addForm(place);
    button.setAttribute('aria-expanded', String(!form.hidden));
    if (!form.hidden) form.querySelector('input, select, button').focus();
  });
  place.append(button);
}

for (const pre of document.querySelectorAll('pre')) addCopyButton(pre);
for (const place of document.querySelectorAll('.try')) addTry(place);
const find = document.getElementById('find');
if (find) {
  addSearch(find);
  const contents = document.querySelector('.contents > details'), wide = matchMedia('(min-width: 64rem)');
  const fit = () => { contents.open = wide.matches; };
  fit();
  wide.addEventListener('change', fit);
}
// The other language opens at the same place.
document.getElementById('other-language').addEventListener('click', (event) => { event.currentTarget.hash = location.hash; });
