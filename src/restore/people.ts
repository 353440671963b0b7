import { mergePeopleAccounts } from '../plan/merge-people-accounts.ts';
import { type AccountFile, formatAccounts } from '../system/accounts.ts';
import type { Accounts } from '../system/system-facts.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** Writes a file through its own inode's attributes: beside, then renamed. $1 is the path; the content comes on stdin. */
const REPLACE = `
f=$1
[ -e "$f" ] || { : > "$f"; case $f in *shadow) chmod 640 "$f"; chgrp shadow "$f" 2>/dev/null || :;; *) chmod 644 "$f";; esac; }
cp -p "$f" "$f.perennial"
cat > "$f.perennial"
mv "$f.perennial" "$f"
`;

/** Merges the people (and what the owner made of other accounts) into the new system's account databases. */
export async function restorePeople(
  system: NewSystem,
  old: Accounts,
  oldImage: Accounts | undefined,
  journal: Journal,
): Promise<void> {
  const merged = mergePeopleAccounts(old, system.accounts, oldImage ? { oldImage } : {});
  const before = formatAccounts(system.accounts);
  const after = formatAccounts(merged.accounts);
  for (const [name, content] of Object.entries(after) as [AccountFile, Buffer][]) {
    if (before[name]?.equals(content)) continue;
    await system.script(`Writing /etc/${name}`, `set -- /etc/${name}\n${REPLACE}`, { input: content });
    journal.script(
      `accounts: /etc/${name} is merged by name (people and owners' changes)`,
      `cat stage/${name} > /etc/${name}`,
    );
  }
  const known = new Set(system.accounts.passwd.map(each => each.name));
  for (const user of merged.accounts.passwd.filter(each => !known.has(each.name))) {
    journal.done('accounts', `account ${user.name} (${user.uid})`, 'made by the owner', 'accounts/merge');
  }
  for (const move of merged.idMap) {
    journal.done(
      'accounts',
      `${move.kind} ${move.name}: id ${move.from} -> ${move.to}`,
      'files follow by name',
      'accounts/renumber',
    );
  }
  for (const note of merged.notes) journal.done('accounts', note.what, note.why, 'accounts/merge');
}
