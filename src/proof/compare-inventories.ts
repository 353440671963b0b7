import { type AddedRows, whyOther } from './added-rows.ts';
import type { Finding, StateProof } from './finding.ts';
import type { Inventory } from './inventory.ts';
import { explainRows, losingDatabases, SQLITE_ROWS } from './sqlite-rows.ts';

/** Findings of one inventory that are told one by one. */
const MOST = 200;

/**
 * Holds what services hold today against what they held: rows that are lost, changed or new. Pure.
 * @param now inventories of today; one of then that is missing here could not be taken, which is a difference
 * @param isKnown whether a knowledge entry of today lists it
 * @param added rows of which there may be more
 */
export function compareInventories(
  then: readonly Inventory[],
  now: readonly Inventory[],
  isKnown: (inventory: Inventory) => boolean = () => true,
  added: readonly AddedRows[] = [],
): StateProof {
  const findings = then.flatMap(old => {
    const today = now.find(each => each.service === old.service && each.id === old.id);
    if (!isKnown(old))
      return [{ ...notTaken(old), verdict: 'explained' as const, why: 'no knowledge entry lists them any more' }];
    return today ? compareRows(old, today, added) : [notTaken(old)];
  });
  return {
    compared: then.length === 0 ? {} : { inventory: then.reduce((sum, each) => sum + each.rows.length, 0) },
    findings,
  };
}

function notTaken({ service, id, title, rows }: Inventory): Finding {
  const is = 'missing';
  const why = 'the program that lists them does not work here: does the service run?';
  return {
    area: 'inventory',
    subject: `${service}: ${title}`,
    attribute: 'presence',
    was: `${rows.length} rows`,
    is,
    verdict: 'differs',
    why,
    rule: `${service}/${id}`,
  };
}

function compareRows(old: Inventory, now: Inventory, added: readonly AddedRows[]): Finding[] {
  const [was, is] = [new Map(old.rows), new Map(now.rows)];
  const unsteady = new Set([...old.unsteady, ...now.unsteady]);
  const keys = [...new Set([...was.keys(), ...is.keys()])].filter(key => was.get(key) !== is.get(key));
  const lost = losingDatabases(was, is);
  const findings = keys.map(key => {
    const [then, today] = [was.get(key), is.get(key)];
    const finding = compareRow(old, key, then, today, unsteady.has(key), lost);
    const meant = whyOther(key, then, today, added);
    return meant && finding.verdict === 'differs' ? { ...finding, verdict: 'explained' as const, ...meant } : finding;
  });
  if (findings.length <= MOST) return findings;
  const rest: Finding = {
    ...findings[0]!,
    subject: `${old.service}: ${findings.length - MOST} more of ${old.title}`,
    attribute: 'value',
    was: '',
    is: 'another',
  };
  return [...findings.slice(0, MOST), rest];
}

function compareRow(
  of: Inventory,
  key: string,
  was: string | undefined,
  is: string | undefined,
  unsteady: boolean,
  lost: ReadonlySet<string>,
): Finding {
  const present = was !== undefined && is !== undefined;
  const passing = of.service === SQLITE_ROWS.service ? explainRows(key, was, is, lost) : undefined;
  const why = unsteady ? 'it changed while the living service was asked' : passing;
  return {
    area: 'inventory',
    subject: `${of.service}: ${key}`,
    attribute: present ? 'value' : 'presence',
    was: was ?? 'missing',
    is: is ?? 'missing',
    verdict: why === undefined ? 'differs' : 'explained',
    why: why ?? `not as before the end (${of.title})`,
    rule: `${of.service}/${of.id}`,
  };
}
