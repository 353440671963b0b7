// TypeScript to JavaScript by blanking the types out, as Node itself does: no second compiler in the tests.
import { stripTypeScriptTypes } from 'node:module';

export default { process: source => ({ code: stripTypeScriptTypes(source) }) };
