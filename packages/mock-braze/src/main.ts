#!/usr/bin/env node
export {};

// First, because older versions of Node fail to load the modules and report a SyntaxError.
if (Number.parseInt(process.versions.node, 10) < 22) {
  console.error(`mock-braze requires Node 22 or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import('node:module');
  // Before all other modules, so that the compile cache covers them: a cached start takes half the time.
  enableCompileCache();
  const { runSimulatorCommand } = await import('@braze-mixpanel/simulator-kit');
  const { startMockBraze } = await import('./mock-braze.ts');
  const { storageBucketOf } = await import('./currents/storage/store-of.ts');

  await runSimulatorCommand({
    name: 'mock-braze',
    description: 'A simulated Braze: Currents, partner cohort import, users, segments.',
    defaultPort: 4010,
    options: [
      {
        name: 'storage-dir',
        value: 'folder',
        description: 'existing folder for the files of storage Currents; without it, there are none',
        variable: 'MOCK_BRAZE_STORAGE_DIR',
      },
      {
        name: 'storage-bucket',
        value: 's3://bucket/prefix',
        description: 'bucket for these files instead of a folder',
        variable: 'MOCK_BRAZE_STORAGE_BUCKET',
      },
      {
        name: 'storage-endpoint',
        value: 'url',
        description: 'server of the bucket, compatible with S3; keys are made up without AWS_ACCESS_KEY_ID',
        variable: 'MOCK_BRAZE_STORAGE_ENDPOINT',
      },
    ],
    start: async ({ texts, ...settings }) =>
      startMockBraze({
        ...settings,
        storageDir: texts['storage-dir'],
        storageBucket: storageBucketOf(texts['storage-bucket'], texts['storage-endpoint'], process.env),
      }),
  });
}
