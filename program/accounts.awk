# Merges the old system's account databases (old/etc/) into this system's (new/) by name, into out/. Ids of this system stay, and old
# ones that are free. What the owner had changed since the image was made (image/, may be empty) is taken over.
function get(row, file, name, n,    p) {
  if (!((file, name) in row)) return "" # asking for it would make it
  split(row[file, name], p, ":")
  return p[n]
}
function person(id) { return id >= 1000 && id < 60000 }
function load(dir, file, fields, row,    line, p) {
  while ((getline line < (dir "/" file)) > 0) {
    if (split(line, p, ":") != fields || p[1] !~ /^[^-+]/ || (file, p[1]) in row) continue
    row[file, p[1]] = line
    if (dir != "image" && !listed[file, p[1]]++) list[file, ++count[file]] = p[1]
  }
}

# In the image and here, but deleted by the owner.
function gone(file, name) {
  return (file, name) in I && !((file, name) in O) && person(get(N, file, name, 3)) &&
    !(file == "group" && get(N, file, name, 3) in primary)
}

# Three rounds: who is here keeps the id; old ids that are free; the next free id for the others.
function number(file,    round, n, name, want) {
  for (round = 1; round <= 3; round++)
    for (n = 1; n <= count[file]; n++) {
      name = list[file, n]
      if ((file, name) in id) continue
      if ((file, name) in N) {
        if (gone(file, name)) continue
        want = get(N, file, name, 3)
      } else {
        want = get(O, file, name, 3)
        # base-passwd 3.6 took gnats away
        if (round == 1 || want !~ /^[0-9]+$/ || name == "gnats" || (round == 2 && (file, want) in used)) continue
      }
      if (round == 3) {
        printf "%s %s: id %s is taken, ", file, name, want
        for (want = person(want) ? 1000 : 999; (file, want "") in used; ) want += want < 1000 ? -1 : 1
        print "now " want
      }
      id[file, name] = want ""
      used[file, want ""]
      if (file == "passwd") primary[get(N, file, name, 4)]
      if (file == "passwd" && !((file, name) in N)) print "user " name
    }
}

# Does a field of somebody whom both systems know go over? Without an image nothing tells, then only a person's does.
# A name that a person had and a service has now gets nothing.
function changed(file, name, n) {
  if (!((file, name) in O) || person(get(O, "passwd", name, 3)) != person(get(N, "passwd", name, 3))) return 0
  if (!((file, name) in I)) return person(id["passwd", name])
  return get(O, file, name, n) != get(I, file, name, n)
}
function user_line(name,    p, n) {
  if (("passwd", name) in N) {
    split(N["passwd", name], p, ":")
    for (n = 5; n <= 7; n++) if (changed("passwd", name, n)) p[n] = get(O, "passwd", name, n)
  } else {
    split(O["passwd", name], p, ":")
    p[3] = id["passwd", name]
    if (p[4] in group_of) p[4] = id["group", group_of[p[4]]]
  }
  return p[1] ":" p[2] ":" p[3] ":" p[4] ":" p[5] ":" p[6] ":" p[7]
}
function shadow_line(name) {
  if (("shadow", name) in N && !changed("shadow", name, 2)) return N["shadow", name]
  return ("shadow", name) in O ? O["shadow", name] : name ":!:::::::"
}

# The old members, and of the members here those whom the old system did not know.
function members(file, name,    p, n, all) {
  n = split(get(O, file, name, 4) "," get(N, file, name, 4), p, ",")
  for (n = 1; n in p; n++)
    if (("passwd", p[n]) in id && index("," all ",", "," p[n] ",") == 0 &&
        (index("," get(O, file, name, 4) ",", "," p[n] ",") || !((file, name) in O) || !(("passwd", p[n]) in O)))
      all = all (all == "" ? "" : ",") p[n]
  return all
}
function group_line(file, name,    p) {
  split((file, name) in N ? N[file, name] : (file, name) in O ? O[file, name] : name ":!:", p, ":")
  return name ":" p[2] ":" (file == "group" ? id[file, name] : p[3]) ":" members(file, name)
}

# Ranges of people whom this system gave none, where they are free.
function ranges(file,    line, p, q, n, here, free) {
  while ((getline line < ("new/" file)) > 0) {
    print line > ("out/" file)
    here[++n] = line
    split(line, q, ":")
    listed[file, q[1]]++
  }
  while ((getline line < ("old/etc/" file)) > 0) {
    if (split(line, p, ":") != 3 || !(("passwd", p[1]) in id) || listed[file, p[1]]) continue
    free = 1
    for (n in here) if (split(here[n], q, ":") == 3 && p[2] + 0 < q[2] + q[3] && q[2] + 0 < p[2] + p[3]) free = 0
    if (free) print line > ("out/" file)
    else print "! taken: the range of " p[1] " in " file
  }
}

BEGIN {
  split("passwd group shadow gshadow", files, " ")
  split("7 4 9 4", fields, " ")
  for (f = 1; f <= 4; f++) {
    load("new", files[f], fields[f], N)
    load("old/etc", files[f], fields[f], O)
    load("image", files[f], fields[f], I)
  }
  number("passwd")
  number("group")
  for (n = count["group"]; n > 0; n--) {
    name = list["group", n]
    if (("group", name) in id && ("group", name) in O) group_of[get(O, "group", name, 3)] = name
  }
  for (n = 1; n <= count["passwd"]; n++) {
    name = list["passwd", n]
    if (!(("passwd", name) in id)) continue
    print user_line(name) > "out/passwd"
    print shadow_line(name) > "out/shadow"
  }
  for (n = 1; n <= count["group"]; n++) {
    name = list["group", n]
    if (!(("group", name) in id)) continue
    print group_line("group", name) > "out/group"
    print group_line("gshadow", name) > "out/gshadow"
  }
  ranges("subuid")
  ranges("subgid")
}
