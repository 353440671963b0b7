import { describe, expect, test } from '@jest/globals';
import { withTodaysNames } from '../../../src/restore/old-names.ts';

describe('a script that starts the service', () => {
  const names = new Map([
    ['/etc/php/7.4/fpm/php-fpm.conf', '/etc/php/8.4/fpm/php-fpm.conf'],
    ['/run/php/php7.4-fpm.sock', '/run/php/php8.4-fpm.sock'],
  ]);

  test('names what is there today, and is otherwise as it was', () => {
    const before =
      'php-fpm7.4 -y /etc/php/7.4/fpm/php-fpm.conf # 7.4\nwait_for "/run/php/php7.4-fpm.sock"; x=/etc/php/7.4/fpm/php-fpm.conf\n';
    expect(withTodaysNames(before, names)).toBe(
      'php-fpm7.4 -y /etc/php/8.4/fpm/php-fpm.conf # 7.4\nwait_for "/run/php/php8.4-fpm.sock"; x=/etc/php/8.4/fpm/php-fpm.conf\n',
    );
  });

  test('a longer word is another word', () => {
    expect(withTodaysNames('/etc/php/7.4/fpm/php-fpm.conf.bak', names)).toBe('/etc/php/7.4/fpm/php-fpm.conf.bak');
  });
});
