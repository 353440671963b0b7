import { testCase } from './case.ts';

testCase('openldap');
