import { testCase } from './case.ts';

testCase('apache');
