import { testCase } from './case.ts';

testCase('samba');
