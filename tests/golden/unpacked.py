# SPDX-License-Identifier: Apache-2.0
"""Bundles taken apart and put together with none of limn's code."""
import hashlib
import io
import json
import subprocess
import tarfile


def unpack(path):
    """name: bytes, in the archive's order; Python's tarfile reads no zstd yet."""
    raw = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar}


def tar_of(members, change=None, form=tarfile.USTAR_FORMAT):
    """As limn packs: no times, no owners, no filling at the end. `change` may spoil a header."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o644
            if change:
                change(info)
            tar.addfile(info, io.BytesIO(data))
        end = tar.offset
    return out.getvalue()[:end] + bytes(1024)


def zstd(data, *options):
    return subprocess.run(["zstd", "-cq", *options], input=data, capture_output=True,
                          check=True).stdout


def pack(members, path):
    with open(path, "wb") as file:
        file.write(zstd(tar_of(members)))


def reseal(members):
    """What somebody without the signing key can do: a manifest and sums that agree with whatever is
    in there."""
    manifest = json.loads(members["manifest.json"])
    inside = [n for n in members if n not in ("manifest.json", "SHA256SUMS", "SIGNATURE")]
    manifest["members"] = [{"name": n, "size": len(members[n]),
                            "sha256": hashlib.sha256(members[n]).hexdigest()} for n in inside]
    sealed = {"README.md": members["README.md"],
              "manifest.json": json.dumps(manifest, indent=2).encode() + b"\n"}
    sealed |= {n: members[n] for n in inside}
    sealed["SHA256SUMS"] = "".join(f"{hashlib.sha256(d).hexdigest()}  {n}\n"
                                   for n, d in sealed.items()).encode()
    return sealed


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves):
    """MTH of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root_of(leaves[:k]), root_of(leaves[k:]))


def path_of(m, leaves):
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m < k:
        return path_of(m, leaves[:k]) + [root_of(leaves[k:])]
    return path_of(m - k, leaves[k:]) + [root_of(leaves[:k])]


def climb(m, n, at, path):
    """The root that a leaf and its path give: PATH read backwards."""
    if n == 1:
        assert not path
        return at
    k = 1 << (n - 1).bit_length() - 1
    if m < k:
        return node(climb(m, k, at, path[:-1]), path[-1])
    return node(path[-1], climb(m - k, n - k, at, path[:-1]))


def bytes_of(record):
    return record["text"].encode() if "text" in record else bytes.fromhex(record["hex"])
