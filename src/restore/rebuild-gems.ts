import type { IndexEntry } from '../bag/index-entry.ts';
import type { Manifest } from '../bag/manifest.ts';
import { isCarried } from '../bag/unpacked.ts';
import { printable } from '../system/byte-text.ts';
import { settleBuilt } from './built-anew.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

/**
 * Builds, where they are, the extensions of each gem of a gem home that today's Ruby has not got: RubyGems' own builder, which
 * `gem pristine` uses too, but nothing is unpacked anew over what was edited (rubygems/ext/builder.rb). Sources of C that were edited are
 * built as they are. Prints "+ NAME" or "! NAME", a tab, and why.
 */
const BUILD = `
require 'rubygems'
require 'rubygems/ext'
require 'rubygems/user_interaction'
home = ARGV[0]
Gem.use_paths(home, [home, *Gem.default_path])
Dir.glob(File.join(home, 'specifications', '*.gemspec')).sort.each do |file|
  spec = Gem::Specification.load(file)
  next if spec.nil? || spec.extensions.empty? || File.exist?(spec.gem_build_complete_path)
  begin
    Gem::DefaultUserInteraction.use_ui(Gem::SilentUI.new) { Gem::Ext::Builder.new(spec, spec.build_args).build_extensions }
    STDOUT.puts "+ #{spec.full_name}"
  rescue StandardError, ScriptError => error
    said = error.message.split("\\n").reject { |line| line.strip.empty? || line =~ /Gem files will remain|Results logged|DESTDIR/ }
    STDOUT.puts "! #{spec.full_name}\\t#{said.last(2).join(' ')[-300..] || said.last(2).join(' ')}"
  end
end
`;

const RULE = 'language/rebuild';

/**
 * Has native extensions of gems built again for today's Ruby, in every gem home that came back with some. No network is needed; it runs as
 * the owner of the home. Nothing of it stops a restore.
 * @param place where a path of the bag lies here
 */
export async function rebuildGems(
  system: NewSystem,
  { languagePackages }: Manifest,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  place: (path: string) => string,
  journal: Journal,
): Promise<void> {
  const homes = new Set(languagePackages.filter(each => each.ecosystem === 'gem').map(each => each.folder));
  const native = [...homes].filter(home => hasExtensions(home, index));
  for (const home of native.map(place)) {
    if (!system.has(`${home}/specifications`)) continue;
    const argv = ['timeout', '1800', 'ruby', '-e', BUILD, home];
    const { uid, gid } = system.entries().get(home) ?? { uid: 0, gid: 0 };
    const { code, stdout, stderr } = await system.target.exec(argv, { user: `${uid}:${gid}`, allowFailure: true });
    const lines = stdout.toString().split('\n');
    const built = lines.filter(line => line.startsWith('+ ')).map(line => printable(line.slice(2)));
    if (built.length > 0)
      journal.done(
        'packages',
        `native extensions built again for today's Ruby in ${printable(home)}: ${built.join(' ')}`,
        'they were compiled for another Ruby',
        RULE,
      );
    for (const line of lines.filter(each => each.startsWith('! '))) {
      const [name = '', why = ''] = line.slice(2).split('\t').map(printable);
      const what = `${name} in ${printable(home)}: its native extension cannot be built for today's Ruby`;
      journal.look('packages', what, why, RULE);
    }
    if (code !== 0)
      journal.look(
        'packages',
        `native extensions of gems in ${printable(home)} were not built again`,
        printable(stderr.trim().split('\n').at(-1) ?? ''),
        RULE,
      );
    if (lines.some(line => /^[+!] /.test(line))) await settleBuilt(system, index, placements, home, journal);
  }
}

/** Whether a gem home came back with compiled extensions. */
function hasExtensions(home: string, index: ReadonlyMap<string, IndexEntry>): boolean {
  for (const entry of index.values())
    if (entry.kind === 'file' && entry.path.startsWith(`${home}/extensions/`) && isCarried(entry)) return true;
  return false;
}
