// Reads Digidel API: how far a goal has come, asked for again and again or told live, and lists.
// An ES module without dependencies, for browsers and Node 18 or later. Copy it.

/** What the service refused, and why: a problem document (RFC 9457). */
export class Problem extends Error {
  constructor(status, document) {
    const faults = (document.errors ?? []).map((fault) => `\n  ${fault.pointer}: ${fault.detail} (${fault.code})`);
    super(`${status} ${document.title}. ${document.detail ?? ''}${faults.join('')}`);
    this.name = 'Problem';
    this.status = status;
    this.document = document;
  }

  /** Whether the same request may succeed later. */
  get passes() {
    return [408, 429, 500, 502, 503, 504].includes(this.status);
  }
}

export class Digidel {
  #base;
  #language;

  /**
   * `address` is the API's, such as https://api.example.se/digidel/v1; `language` is sv, nb, da or en. Without it a browser
   * asks for its own languages; that is all it does for the live stream, and Swedish comes where it has none of them.
   */
  constructor(address, { language } = {}) {
    this.#base = new URL(address.endsWith('/') ? address : `${address}/`);
    this.#language = language;
  }

  /**
   * Asks once for a path such as `goals/digidel2013`. With the `etag` of what one has, `body` is undefined and
   * `status` 304 when nothing has changed. Throws a Problem, or a TypeError when no answer came.
   */
  async get(path, { etag, signal } = {}) {
    const headers = { Accept: 'application/json' };
    if (this.#language) headers['Accept-Language'] = this.#language;
    if (etag) headers['If-None-Match'] = etag;
    const limit = withTimeout(signal, 30e3);
    try {
      // no-store: the ETag is ours to send, so that 304 comes to us and not to the browser's cache.
      const answer = await fetch(new URL(path, this.#base), { headers, cache: 'no-store', signal: limit.signal });
      const reading = { status: answer.status, etag: answer.headers.get('ETag') ?? etag, wait: asksToWait(answer.headers) };
      if (answer.status === 304) return reading;
      if (answer.ok) return { ...reading, body: await answer.json() };
      throw Object.assign(new Problem(answer.status, await problemDocument(answer)), { wait: reading.wait });
    } finally {
      limit.clear();
    }
  }

  /** All items of a list, page after page: `for await (const area of api.list('areas?level=county')) …`. Gives up a
   *  page after five tries. */
  async *list(path, { onState, signal } = {}) {
    for (let next = path; next; ) {
      const answer = await this.#patiently(() => this.get(next, { signal }), { signal, onState, tries: 5 });
      if (!answer) return;
      yield* answer.body.items;
      next = answer.body._links.next?.href;
    }
  }

  /**
   * Asks for a goal's progress every `every` milliseconds and gives it to `onProgress` when it is new. `onState` gets
   * what to tell the reader: `{ state: 'polling', status }` after each answer, `{ state: 'waiting', error, wait }` while
   * there is none. Goes on until `signal` is aborted; throws when going on is useless, as when there is no such goal.
   */
  async poll(goal, { onProgress, onState = () => {}, every = 5000, signal } = {}) {
    const path = `goals/${encodeURIComponent(goal)}/progress`;
    let etag;
    while (!signal?.aborted) {
      const answer = await this.#patiently(() => this.get(path, { etag, signal }), { signal, onState });
      if (!answer) return;
      etag = answer.etag;
      if (answer.body) onProgress(answer.body);
      onState({ state: 'polling', status: answer.status });
      // Not all screens of a country at the same moment, and not faster than there is quota for.
      await pause(Math.max(every * (0.9 + 0.2 * Math.random()), answer.wait ?? 0), signal);
    }
  }

  /**
   * Like `poll`, but told live where there is `EventSource`: within a moment, and silent while nothing changes. `onState`
   * gets `{ state: 'live' }` then, and `{ state: 'reconnecting' }` while the browser connects again. When there is no
   * stream to be had, it polls for `streamAgain` milliseconds and tries anew.
   */
  async follow(goal, options) {
    const { signal, streamAgain = 60e3 } = options;
    while (!signal?.aborted) {
      if (globalThis.EventSource) await this.#stream(goal, options);
      const limit = withTimeout(signal, globalThis.EventSource ? streamAgain : undefined);
      await this.poll(goal, { ...options, signal: limit.signal }).finally(limit.clear);
    }
  }

  /** Ends when the browser has given the stream up, or it has turned out to be dead. */
  async #stream(goal, { onProgress, onState = () => {}, signal, silence = 60e3 }) {
    const path = `goals/${encodeURIComponent(goal)}/progress`;
    const source = new EventSource(new URL(`${path}/stream`, this.#base));
    let version;
    let watchdog;
    await new Promise((end) => {
      // Comments, which keep the connection alive, do not show here. A poll tells a quiet stream from a dead one.
      const check = async () => {
        const progress = (await this.get(path, { signal }).catch(() => undefined))?.body;
        // No event has come at all where a proxy keeps them back: there is no version to be equal to.
        if (progress && !(progress.version <= version)) end();
        else if (source.readyState !== EventSource.CLOSED) rest();
      };
      const rest = () => {
        clearTimeout(watchdog);
        watchdog = setTimeout(check, silence);
      };
      source.addEventListener('open', () => onState({ state: 'live' }));
      source.addEventListener('progress', (event) => {
        rest();
        const progress = JSON.parse(event.data);
        version = progress.version;
        onProgress(progress);
      });
      source.addEventListener('error', () => {
        if (source.readyState === EventSource.CLOSED) end();
        else onState({ state: 'reconnecting' });
      });
      signal?.addEventListener('abort', end, { once: true });
      rest();
    });
    source.close();
    clearTimeout(watchdog);
  }

  /** Tries until there is an answer, each time after a longer pause; undefined when `signal` was aborted meanwhile. */
  async #patiently(ask, { signal, onState = () => {}, tries = Infinity }) {
    for (let failures = 0; ; failures += 1) {
      try {
        return await ask();
      } catch (error) {
        if (signal?.aborted) return undefined;
        if ((error instanceof Problem && !error.passes) || failures + 1 === tries) throw error;
        const wait = Math.max(Math.min(60e3, 1000 * 2 ** failures) * (0.5 + 0.5 * Math.random()), error.wait ?? 0);
        onState({ state: 'waiting', error, wait });
        await pause(wait, signal);
      }
    }
  }
}

/** Milliseconds that the service wants us to wait: Retry-After, or what RateLimit leaves for each request. */
export function asksToWait(headers, now = Date.now()) {
  const after = headers.get('Retry-After');
  if (after) return /^\d+$/.test(after) ? after * 1000 : Math.max(0, Date.parse(after) - now) || 0;
  // RateLimit: "default";r=12;t=30 means that 12 requests remain for 30 seconds.
  const policies = (headers.get('RateLimit') ?? '').split(',');
  const waits = policies.map((policy) => {
    const [left, seconds] = ['r', 't'].map((name) => Number(policy.match(`;\\s*${name}=(\\d+)`)?.[1]));
    return seconds >= 0 ? (seconds * 1000) / Math.max(1, left || 0) : 0;
  });
  return Math.max(...waits);
}

/** The problem document of a refusal; a proxy's refusal may have none. */
async function problemDocument(answer) {
  const isProblem = answer.headers.get('Content-Type')?.startsWith('application/problem+json');
  return (isProblem && (await answer.json().catch(() => undefined))) || { title: answer.statusText || 'No explanation' };
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}

/** A signal that is aborted with `signal`, or after some milliseconds. */
function withTimeout(signal, milliseconds) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const late = () => controller.abort(new Error(`No answer within ${milliseconds / 1000} s`));
  const timer = milliseconds === undefined ? undefined : setTimeout(late, milliseconds);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
