// Prints a goal's progress whenever it changes:  node progress.js http://127.0.0.1:8080/v1 digidel2013
// Without a goal it lists them all.
import { Digidel, Problem } from './digidel.js';

const [address, goal, seconds = '5'] = process.argv.slice(2);
if (!address) {
  console.error('usage: node progress.js ADDRESS [GOAL [SECONDS]]');
  process.exit(64);
}
const api = new Digidel(address, { language: 'sv' });
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

const seen = {};
try {
  if (goal) {
    await api.poll(goal, {
      signal: stop.signal,
      every: seconds * 1000,
      onProgress: (now) => console.log(`${now.name}: ${now.value} of ${now.target}, ${now.status} (version ${now.version})`),
      onState: ({ state, status, error, wait }) => {
        if (state === 'waiting') console.error(`${error.message}: again in ${Math.ceil(wait / 1000)} s`);
        else seen[status] = (seen[status] ?? 0) + 1;
      },
    });
    console.error(`answers by status: ${JSON.stringify(seen)}`);
  } else {
    for await (const item of api.list('goals', { signal: stop.signal })) console.log(`${item.id}\t${item.name}`);
  }
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(error.message);
  process.exit(1);
}
