import { testCase } from './case.ts';

testCase('nginx-php');
