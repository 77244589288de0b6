// The code and the style of a report page, each as one file: reports put them into their documents.
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

mkdirSync(path('../assets'), { recursive: true });
await build({
  input: path('../src/page/main.ts'),
  platform: 'browser',
  // The sources import each other by the names that the compiler will give them.
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  output: { file: path('../assets/page.js'), format: 'iife', minify: true },
  logLevel: 'warn',
});
copyFileSync(path('../src/page/page.css'), path('../assets/page.css'));
