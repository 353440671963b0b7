/**
 * What rewriteText does, in the language that every Debian has: versioned names and paths in files, in place, so that owners, modes and
 * links stay. Arguments: a table of `stem<TAB>old<TAB>new` lines, and the files.
 */
export const NAMES_PROGRAM = String.raw`open my $table, '<', shift or die;
my (%today, @forms);
for (sort { length $b <=> length $a } <$table>) {
  chomp;
  my ($stem, $old, $new) = split /\t/;
  $today{"$stem $old"} = $new;
  ($stem, $old) = ("(?<stem>\Q$stem\E)", "(?<old>\Q$old\E)");
  push @forms, "(?<![A-Za-z0-9.])(?<lib>(?:lib)?)$stem(?<joint>-?|-[a-z]+)$old(?![A-Za-z0-9]|\\.\\d)",
    "(?<![A-Za-z0-9.])(?<lib>(?:lib)?)$stem(?<joint>/)$old(?![\\w.-])", "(?<=[-/])$old(?<order>-)$stem(?![A-Za-z0-9]|\\.\\d)";
}
my $forms = join '|', @forms;
# People choose the names there: a number in them says nothing of a package.
my $peoples = qr{^/(?!/|(?:etc|usr|var|run|lib|lib32|lib64|libx32|bin|sbin|boot|dev|proc|sys|tmp)(?:/|$))|^/var/(?:www|local)/};
for my $file (@ARGV) {
  next if -l $file || !-f _ || -s _ > 1048576;
  open my $in, '<:raw', $file or next;
  my $text = do { local $/; <$in> };
  next if !defined $text || $text =~ /\0/;
  my $before = $text;
  $text =~ s{$forms}{
    my ($said, $at, $new) = ($&, $-[0], $today{"$+{stem} $+{old}"});
    my $now = $+{order} ? "$new-$+{stem}" : "$+{lib}$+{stem}$+{joint}$new";
    my ($path) = substr($before, 0, $at + 1) =~ /([^\s"'${'`'}=:,;()<>|&\[\]]*)\z/;
    $path =~ $peoples && $path !~ m{/(?:\.local|\.gem|vendor/bundle)/} ? $said : $now
  }ge;
  next if $text eq $before;
  open my $out, '>:raw', $file or die "$file: $!";
  print $out $text;
  close $out or die "$file: $!";
  print "names of today written into $file\n";
}
`;
