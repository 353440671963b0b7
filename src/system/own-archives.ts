/** Hosts of the distributions' own archives; whatever else is configured has to be carried or reported. */
const OWN_ARCHIVES = [
  /\b(deb|security|ftp[.\w]*|archive|ports|snapshot|old-releases)\.(debian|ubuntu)\.(org|com)\b/,
  /\b(dl-cdn|dl-\d|dl-master|cdn)\.alpinelinux\.org\b/,
  /\b(\w+\.)*(fedoraproject|centos|rockylinux|almalinux|opensuse)\.org\b|\bcdn(-ubi)?\.redhat\.com\b/,
];

/** Whether a repository's address is the distribution's own archive. */
export function isOwnArchive(address: string): boolean {
  return OWN_ARCHIVES.some(each => each.test(address));
}
