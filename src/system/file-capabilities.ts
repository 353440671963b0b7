/* Capabilities in the order of their bits (capabilities(7), include/uapi/linux/capability.h). */
const NAMES = (
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service ' +
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin ' +
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override ' +
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'
).split(' ');

const REVISION_2 = 0x02000000;
const EFFECTIVE = 1;

/**
 * The extended attribute `security.capability` that a text of cap_from_text(3) gives, in base64, as setcap(8) and rpm write it
 * (`struct vfs_cap_data`, revision 2). Undefined for a text that is not understood.
 */
export function capabilityAttribute(text: string): string | undefined {
  const sets = { e: 0n, i: 0n, p: 0n };
  for (const clause of text.trim().split(/\s+/)) {
    if (!applyClause(sets, clause)) return undefined;
  }
  if (sets.e === 0n && sets.i === 0n && sets.p === 0n) return undefined;
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(REVISION_2 | (sets.e === 0n ? 0 : EFFECTIVE), 0);
  for (const [n, word] of [sets.p, sets.i].entries()) {
    bytes.writeUInt32LE(Number(word & 0xffffffffn), 4 + n * 4);
    bytes.writeUInt32LE(Number(word >> 32n), 12 + n * 4);
  }
  return bytes.toString('base64');
}

/** A clause: names with commas or none for all, then operators with flags (`cap_net_raw,cap_chown=ep`, `=`, `cap_kill+p-e`). */
function applyClause(sets: Record<'e' | 'i' | 'p', bigint>, clause: string): boolean {
  const match = /^([a-z_,0-9]*)((?:[=+-][eip]*)+)$/.exec(clause);
  if (!match) return false;
  const names = match[1] === '' || match[1] === 'all' ? NAMES.map(name => `cap_${name}`) : match[1]!.split(',');
  const bits = names.map(name => NAMES.indexOf(name.replace(/^cap_/, '')));
  if (bits.includes(-1)) return false;
  const mask = bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);
  for (const [, operator, flags] of match[2]!.matchAll(/([=+-])([eip]*)/g)) {
    for (const set of ['e', 'i', 'p'] as const) {
      if (operator === '=') sets[set] &= ~mask;
      if (flags!.includes(set)) sets[set] = operator === '-' ? sets[set] & ~mask : sets[set] | mask;
    }
  }
  return true;
}
