import * as v from 'valibot';

/*
 * One entry of knowledge/services/*.yml: what is known of a service beyond what its packages tell by themselves.
 * All `run` texts are POSIX shell programs of ours that run inside the container, as root unless `user` is given; nothing from
 * a bag is ever pasted into them, values come as environment variables.
 */

const globs = v.array(v.string());
const path = v.pipe(v.string(), v.startsWith('/'));
const shell = v.pipe(v.string(), v.minLength(1));

/**
 * An example that the tests carry out: what a file says before and after (rewrites in a unit test, programs in a container), or where
 * a path goes; `becomes: null` when it is left out.
 */
const exampleSchema = v.union([
  /** null: there is no such file. */
  v.strictObject({ file: path, before: v.nullable(v.string()), after: v.nullable(v.string()) }),
  v.strictObject({ path, becomes: v.nullable(path) }),
]);

/** A logical export: only the old program can write it, so it is taken at decommission. */
const exportSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  why: v.string(),
  source: v.string(),
  /** Exit 0 when the export can and should be taken now. */
  when: v.optional(shell),
  /** Writes the export to stdout. */
  run: shell,
  user: v.optional(v.string()),
  file: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]+$/)),
  /** Raw data that the export replaces: globs, and a program that prints more of them, one a line. */
  replaces: v.optional(globs, []),
  replacesFrom: v.optional(shell),
  /** Of these, what is a person's own (globs): it is kept. */
  keeps: v.optional(globs, []),
  /** Loads the export from stdin into the new program; may be run again. */
  load: shell,
  loadUser: v.optional(v.string()),
});

/** What a running program holds in memory is written to its files before they are read. */
const flushSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  why: v.string(),
  source: v.string(),
  /** Exit 0 when the program runs and holds something. */
  when: v.optional(shell),
  /** Returns when all of it is written; a failure is said, and the archive goes on. */
  run: shell,
  user: v.optional(v.string()),
});

/** A difference between versions and what mends it. Versions are those of `package`. */
const differenceSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  why: v.string(),
  source: v.string(),
  /** Only when this old package (glob) was there; any recognised one when empty. */
  package: v.optional(v.string()),
  /** Version bounds (dpkg order): the old version is `before`, the new one is `from` or later. */
  before: v.optional(v.string()),
  from: v.optional(v.string()),
  /** Renames for package resolution: old name -> new name. */
  renamePackage: v.optional(v.record(v.string(), v.string())),
  addPackages: v.optional(globs),
  /** Old path (prefix) -> new path. */
  move: v.optional(v.record(v.string(), v.string())),
  /** In files (globs, new places): regular expression -> replacement, line by line. */
  rewrite: v.optional(v.array(v.strictObject({ files: globs, pattern: v.string(), replace: v.string() }))),
  /** Paths that are not restored. */
  skip: v.optional(globs),
  /** Run in the new container: before the state is put back, after it, or after the exports were loaded. */
  run: v.optional(
    v.strictObject({
      at: v.picklist(['before-state', 'after-state', 'after-load']),
      script: shell,
      user: v.optional(v.string()),
    }),
  ),
  /** Rows of inventories of which there may be more after `run` (regular expressions of whole keys); fewer are a loss as ever. */
  addsRows: v.optional(globs),
  /** The same, where the new version drops such rows or keeps them elsewhere: fewer, or none, are meant. */
  movesRows: v.optional(globs),
  /** Said in the report, or with `when: archive` while the old service is still there. */
  warn: v.optional(v.string()),
  /** Carried out by the tests: whatever moves, rewrites or leaves out needs some. */
  examples: v.optional(v.array(exampleSchema), []),
  /** In words, where it takes the service itself to show it. */
  example: v.optional(v.string()),
  /** It cannot be restored on the new version; says what to do instead. */
  refuse: v.optional(v.string()),
  /** `archive`: what the old version's owner should know before the end; `from` is not looked at. */
  when: v.optional(v.picklist(['archive', 'restore']), 'restore'),
});

/** The service's own checker, and how to mend what it refuses. */
const checkSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  source: v.string(),
  /** Before the exports are loaded (default), or after. */
  at: v.optional(v.picklist(['before-load', 'after-load']), 'before-load'),
  /** Exit 0 when the program of the check is there. */
  when: v.optional(shell),
  run: shell,
  user: v.optional(v.string()),
  /** The output is fine when it exits 0 and no line matches this. */
  bad: v.optional(v.string()),
  /** Mends: a pattern with named groups file, line or directive, tried on each line of the output. */
  mends: v.optional(
    v.array(
      v.strictObject({
        pattern: v.string(),
        /** `drop-statement`: `directive ...;` goes, whatever else stands in its line (BIND, and what reads like it). */
        action: v.picklist(['comment-line', 'comment-directive', 'drop-statement', 'keep-edited', 'replace-line']),
        replace: v.optional(v.string()),
        why: v.string(),
        files: v.optional(globs),
        /** What the program really said, and what becomes of the line that it means; without `line` it is left alone. */
        examples: v.optional(
          v.array(v.strictObject({ said: v.string(), line: v.optional(v.string()), becomes: v.optional(v.string()) })),
          [],
        ),
      }),
    ),
    [],
  ),
});

/** What a service holds, by its own account: compared row by row after a restore, beyond what its clients see. */
const inventorySchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  /** As it stands in a sentence: "tables and their rows". */
  title: v.string(),
  source: v.string(),
  /** Exit 0 when it can be asked now: the program runs. */
  when: v.optional(shell),
  /** Prints lines `key<TAB>value`, in words that are the same for every version of the program; no passwords or hashes. */
  run: shell,
  user: v.optional(v.string()),
});

/**
 * Smoke tests that are asked without any configuration. `test` is one as perennial.yml has it, without a name; `{name}` in its
 * texts is replaced by what a line of `each` says (`name=value`, separated by tabs), which makes a test for each line.
 */
const defaultProbeSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  /** As reports show it; `{name}` is replaced too. */
  title: v.string(),
  source: v.string(),
  /** Exit 0 when it can be asked. */
  when: v.optional(shell),
  each: v.optional(shell),
  /** Instead of `each`: a test for each TCP port, as `{port}`, that one of these programs listens on. */
  listening: v.optional(v.array(v.string())),
  /**
   * With `listening`: TCP ports that are taken for theirs where nobody can tell whose they are: an engine that allows no look at the
   * processes from beside (readRunning).
   */
  ports: v.optional(v.array(v.number()), []),
  user: v.optional(v.string()),
  test: v.record(v.string(), v.unknown()),
});

export const serviceSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  title: v.string(),
  recognise: v.strictObject({
    packages: v.optional(globs, []),
    processes: v.optional(globs, []),
    files: v.optional(globs, []),
  }),
  /** Says what the effective settings are (`testparm -s`), recorded at decommission. */
  settings: v.optional(v.array(v.strictObject({ id: v.string(), run: shell, user: v.optional(v.string()) })), []),
  flush: v.optional(v.array(flushSchema), []),
  exports: v.optional(v.array(exportSchema), []),
  differences: v.optional(v.array(differenceSchema), []),
  checks: v.optional(v.array(checkSchema), []),
  inventory: v.optional(v.array(inventorySchema), []),
  probes: v.optional(v.array(defaultProbeSchema), []),
});

export type Service = v.InferOutput<typeof serviceSchema>;
export type ServiceExport = Service['exports'][number];
export type Difference = Service['differences'][number];
export type Check = Service['checks'][number];
export type DefaultProbe = Service['probes'][number];
