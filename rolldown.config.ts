import { defineConfig } from 'rolldown';

/** One build for the command line and the actions; byte-identical from the same sources. */
export default defineConfig({
  input: {
    cli: 'src/cli/main.ts',
    main: 'src/actions/main.ts',
    post: 'src/actions/post.ts',
    archive: 'src/actions/archive.ts',
    restore: 'src/actions/restore.ts',
    'drill-find': 'src/actions/drill-find.ts',
    drill: 'src/actions/drill.ts',
    'drill-report': 'src/actions/drill-report.ts',
  },
  platform: 'node',
  output: { dir: 'dist', format: 'esm', cleanDir: true, chunkFileNames: 'chunk-[name].js' },
  treeshake: true,
});
