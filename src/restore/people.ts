import { encodeTarMember, endOfTar, memberPadding } from '../bag/tar-encode.ts';
import type { TarHeader } from '../bag/tar-header.ts';
import { mergePeopleAccounts } from '../plan/merge-people-accounts.ts';
import { type AccountFile, formatAccounts } from '../system/accounts.ts';
import type { Accounts } from '../system/system-facts.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

/** Writes each file with the attributes of the one that is there: beside, then renamed. A tar file with all of them comes on stdin. */
const REPLACE = `
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar -xf - -C "$folder"
for new in "$folder"/*; do
  f=/etc/\${new##*/}
  [ -e "$f" ] || { : > "$f"; case $f in *shadow) chmod 640 "$f"; chgrp shadow "$f" 2>/dev/null || :;; *) chmod 644 "$f";; esac; }
  cp -p "$f" "$f.perennial"
  cat "$new" > "$f.perennial"
  mv "$f.perennial" "$f"
done
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
  const changed = (Object.entries(after) as [AccountFile, Buffer][]).filter(
    ([name, content]) => !before[name]?.equals(content),
  );
  if (changed.length > 0) await system.script('Writing the accounts', REPLACE, { input: tarOf(changed) });
  for (const [name] of changed)
    journal.script(
      `accounts: /etc/${name} is merged by name (people and owners' changes)`,
      `cat stage/${name} > /etc/${name}`,
    );
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

/** Files of root's own: hashes of passwords are among them. */
function tarOf(files: [string, Buffer][]): Buffer {
  const members = files.flatMap(([path, content]) => {
    const { length } = content;
    return [encodeTarMember({ ...PRIVATE, path, size: length, storedSize: length }), content, memberPadding(length)];
  });
  return Buffer.concat([...members, endOfTar]);
}

const PRIVATE: Omit<TarHeader, 'path' | 'size' | 'storedSize'> = {
  kind: 'file',
  linkTarget: '',
  mode: 0o600,
  uid: 0,
  gid: 0,
  user: 'root',
  group: 'root',
  mtime: '0',
  xattrs: {},
  devMajor: 0,
  devMinor: 0,
};
