// The Python driver is run as it is, from beside the code that runs it: the compiler leaves it behind.
import { copyFileSync } from 'node:fs';

const DRIVER = 'models/bridge/driver.py';
copyFileSync(new URL(`../src/${DRIVER}`, import.meta.url), new URL(`../dist/${DRIVER}`, import.meta.url));
