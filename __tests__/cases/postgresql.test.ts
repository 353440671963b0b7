import { testCase } from './case.ts';

testCase('postgresql');
