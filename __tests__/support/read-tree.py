"""Prints every path below a directory as one JSON line: what lstat, readlink, listxattr and the content say.

Paths, targets and xattr values are hex, since names are bytes. Written in Python so that the metadata comes from a
program that shares nothing with the code under test.
"""

import hashlib
import json
import os
import stat
import sys

KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "directory",
    stat.S_IFLNK: "symlink",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "char",
    stat.S_IFBLK: "block",
}


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else slow_digest(file)


def slow_digest(file):
    sha = hashlib.sha256()
    for block in iter(lambda: file.read(1 << 20), b""):
        sha.update(block)
    return sha.hexdigest()


def describe(path, name):
    info = os.lstat(path)
    kind = KINDS[stat.S_IFMT(info.st_mode)]
    return {
        "path": name.hex(),
        "kind": kind,
        "mode": stat.S_IMODE(info.st_mode),
        "uid": info.st_uid,
        "gid": info.st_gid,
        "size": info.st_size,
        "mtime": str(info.st_mtime_ns),
        "blocks": info.st_blocks,
        "links": info.st_nlink,
        "inode": f"{info.st_dev}:{info.st_ino}",
        "device": f"{os.major(info.st_rdev)},{os.minor(info.st_rdev)}" if kind in ("char", "block") else "",
        "target": os.readlink(path).hex() if kind == "symlink" else "",
        "xattrs": {x: os.getxattr(path, x, follow_symlinks=False).hex() for x in os.listxattr(path, follow_symlinks=False)},
        "sha256": digest(path) if kind == "file" else "",
    }


def walk(directory, prefix):
    for entry in sorted(os.listdir(directory)):
        path, name = os.path.join(directory, entry), prefix + b"/" + entry
        print(json.dumps(describe(path, name)))
        if stat.S_ISDIR(os.lstat(path).st_mode):
            walk(path, name)


root = os.fsencode(sys.argv[1])
print(json.dumps(describe(root, b"/")))
walk(root, b"")
