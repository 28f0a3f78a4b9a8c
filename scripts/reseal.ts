// Seals all stored secrets anew with SEALING_KEY; those of SEALING_KEY_PREVIOUS are needed no more afterwards: `npm run reseal`.

import { loadEnvFile, readConfig } from '../src/config.ts';
import { systemClock } from '../src/lib/clock.ts';
import { quietLog } from '../src/lib/log.ts';
import { openSealer } from '../src/lib/sealing.ts';
import { prepareDatabase } from '../src/start/prepare-database.ts';
import { openSecrets } from '../src/start/sandbox/secrets.ts';
import { startEmbedded } from '../src/store/database/embedded/embedded.ts';
import { resealValues } from '../src/store/service/sealed-values.ts';
import { openDatabase } from '../src/store/database/sql.ts';

loadEnvFile();
const config = readConfig();
const parts = { clock: systemClock, log: quietLog };
// The embedded database belongs to one process: the server must be stopped. One of your own may be in use meanwhile.
const embedded = config.databaseUrl
  ? undefined
  : await startEmbedded({ ...config, ...parts, progress: (line) => console.log(line) });
const connection = config.databaseUrl ?? embedded?.connection ?? '';
await prepareDatabase({ connection, ...parts });
const { sealingKey } = openSecrets(config, embedded?.dataDir ?? config.dataDir);
const sealer = openSealer([sealingKey, ...config.sealingKeysPrevious]);
const database = openDatabase({ connection, ...parts });
try {
  const count = await resealValues(database.general, sealer.keyId, (sealed, owner) =>
    sealer.seal(sealer.open(sealed, owner), owner),
  );
  console.log(`${count} secrets were sealed anew with the key ${sealer.keyId}.`);
} finally {
  await database.close();
  await embedded?.stop();
}
