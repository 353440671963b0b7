import { printable } from '../system/byte-text.ts';
import type { Manifest } from './manifest.ts';

/** README.md of a bag: for a stranger who finds it years later and has Docker, but neither Perennial nor its documentation. */
export function readmeText(manifest: Manifest, files: ReadonlyMap<string, unknown>): string {
  const sections = [
    intro(manifest),
    files.has('restore.sh') ? bringBack(manifest) : byHand(manifest),
    LOOK_INSIDE,
    contents(manifest),
    notes(manifest),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function intro({ service, system, counts, created, tool }: Manifest): string {
  const image = service.image?.tags[0] ? `, image ${plain(service.image.tags[0])}` : '';
  return `# ${plain(service.name)}

This folder is what is left of a service that was shut down: the data that cannot be had again (configuration, accounts,
user data, state), without the operating system and packages, which can.

| | |
|---|---|
| Archived | ${created} by ${tool.name} ${tool.version} |
| Ran on | ${plain(system.os.prettyName)}, ${plain(system.architecture)}${image} |
| Kept | ${counts.kept} of ${counts.paths} paths, ${counts.keptBytes} bytes |
| Packages | ${system.packages.length}, listed in data/manifest.json and sbom.cdx.json, not included |

**Keep it private**: it may hold password hashes, private keys and user data.`;
}

function bringBack({ service }: Manifest): string {
  const name = service.name.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+|-$/g, '') || 'service';
  return `## Bring it back

With Docker or Podman, a network for the packages, and this folder:

    sh restore.sh ${name}

A container of that name then answers as the old one did, on the ports that it published (with \`PUBLISH=no\` before the command: on none); the last
line says at which address. Exit code 0: all is back. 3: all but what lines that begin with \`!\` say. 1: it failed, and the last lines
say why. Nothing that is on the machine is touched, and this folder stays as it is, so try as often as you like, each time with another
name; \`docker rm -f ${name}\` removes the container, \`docker exec -it ${name} bash\` looks inside.

The program is plain shell: its first lines say what it can do, restore/apply.sh is what it does inside the container. When the
old release is no longer served, or for a current one, \`sh restore.sh NAME BASE-IMAGE\` (such as \`debian:stable\`) does what it can: there,
files go where they were, also where a folder has another version in its name today (\`/etc/php/7.4\`, which has to be moved by hand), and
packages that were on hold are not. The program that made this folder (Perennial: \`perennial restore FOLDER --name NAME\`) also mends the differences.`;
}

/** For systems that restore.sh does not know: the order in which a restore does it (docs/design.md). */
function byHand({ rebuild, service, dumps, system }: Manifest): string {
  const packages = rebuild
    ? `build the image of \`data/rebuild/${plain(rebuild.dockerfile)}\``
    : 'install the packages that `data/manifest.json` lists (`system.packages`; `manual` ones were chosen, others follow)';
  const steps = [
    `Start from ${plain(system.os.prettyName) || 'the same system'} where it is still served, and ${packages}.`,
    'Accounts come before files: the old `etc/passwd`, `etc/group`, `etc/shadow` and `etc/gshadow` are in the payload. Add the lines of people and services that are missing, with ids that are free. Never lay the files over those of a newer release.',
    `As root, extract the data; owners are found by name: \`zstd -dc data/payload.tar.zst | tar -xp --xattrs --xattrs-include='*' --acls --keep-directory-symlink --exclude=etc/passwd --exclude=etc/group --exclude=etc/shadow --exclude=etc/gshadow -C /\`.`,
    'What else differs from the packages is in `data/files.ndjson.zst`: remove what has `"disposition":"delete"`, give mode and owner to what has `"disposition":"attributes"`.',
    ...(dumps.length > 0 ? ['Load the exports of `data/dumps` with the programs of their services.'] : []),
    service.start ? `Start it: \`${plain(service.start)}\`.` : 'Start it as `data/manifest.json` says (`service`).',
  ];
  return `## Bring it back by hand

No program here does it; the notes of the archive run say why. In a container of the old system:

${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}`;
}

const LOOK_INSIDE = `## Look inside

    sha256sum --quiet --check tagmanifest-sha256.txt manifest-sha256.txt   # is it undamaged? (a BagIt bag, RFC 8493)
    zstd -dc data/files.ndjson.zst              # every path: what was done with it, and why
    zstd -dc data/payload.tar.zst | tar -tv     # the data, as GNU tar wrote it
    cat data/manifest.json                      # the service, system, packages, how it was started

Extract it as root with \`tar -xp --xattrs --xattrs-include='*' --acls --numeric-owner\` to get it exactly as it was.

Where there is an \`attestation.sigstore.json\`, it says who made this folder: it is a Sigstore bundle (https://docs.sigstore.dev) about
\`tagmanifest-sha256.txt\`, which has the digest of manifest-sha256.txt, which has those of the data. Any verifier of Sigstore reads it.`;

function contents({ service, dumps, rebuild, pristine }: Manifest): string {
  const lines = [
    ...dumps.map(
      dump => `- \`data/dumps/${plain(dump.file)}\`: export of ${plain(dump.service)} (${plain(dump.export)})`,
    ),
    ...(pristine.length > 0 ? ['- `data/pristine/`: edited configuration files as they were before the edits'] : []),
    ...(rebuild ? ['- `data/rebuild/`: the Dockerfile and files that the image was built from'] : []),
    ...(service.start ? [`- started with: \`${plain(service.start)}\``] : []),
    ...service.sockets.map(
      one => `- listened on ${one.protocol} ${plain(one.address)}:${one.port} (${plain(one.program)})`,
    ),
  ];
  return lines.length > 0 ? `## What else there is\n\n${lines.join('\n')}` : '';
}

function notes({ notes }: Manifest): string {
  return notes.length > 0 ? `## Notes of the archive run\n\n${notes.map(note => `- ${plain(note)}`).join('\n')}` : '';
}

/** Text of the archived system, which may be hostile: one line, no Markdown or HTML of its own. */
function plain(text: string): string {
  return printable(text).replace(/[`|<>[\]]/g, char => `&#${char.charCodeAt(0)};`);
}
