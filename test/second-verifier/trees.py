"""RFC 9162's trees: the inclusion path of a batch, the peak path of the journal, and what packs share of a batch."""
from shapes import sha256, unb64


def hash_leaf(data):
    return sha256(b"\0", data)


def hash_node(left, right):
    return sha256(b"\1", left, right)


def root_of(leaf, index, size, path):
    """RFC 9162, 2.1.3.2; None where the path has another length than the tree's shape asks."""
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = hash_node(sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = hash_node(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


def follow_peak_path(leaf, index, path, head):
    """Where the path leads in a tree head: `proved`, `mismatch`, `beyond` or `stale`."""
    size, end = int(head["size"]), 0
    if index >= size:
        return "beyond"
    for peak in head["peaks"]:
        level = (size - end).bit_length() - 1
        end += 1 << level
        if index < end:
            break
    if len(path) != level:
        return "stale"
    for step, sibling in enumerate(path):
        leaf = hash_node(sibling, leaf) if index >> step & 1 else hash_node(leaf, sibling)
    return "proved" if "0x" + leaf.hex() == peak else "mismatch"


def stand(place, data, head, logged, is_proved):
    """On what an entry stands in the journal, or why it does not. `logged` is what the source had of the entry's log."""
    index, path = int(place["index"]), list(map(unb64, place["proof"]))
    standing = follow_peak_path(hash_leaf(data), index, path, head)
    if standing == "stale" and logged.get("index") == index:
        return "logged" if logged["bytes"] == "0x" + data.hex() else "mismatch"
    return "witnessed" if standing == "proved" and is_proved else standing


def open_paths(leaves, size, nodes):
    """Of each of these leaves, by place, its inclusion path; None where there are more or fewer nodes than they leave open."""
    paths, rest = {place: [] for place in leaves}, list(nodes)

    def fold(start, end):
        inside = [place for place in leaves if start <= place < end]
        if not inside:
            return rest.pop(0)
        if end - start == 1:
            return leaves[start]
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        left, right = fold(start, middle), fold(middle, end)
        for place in inside:
            paths[place].append(right if place < middle else left)
        return hash_node(left, right)
    try:
        fold(0, size)
    except IndexError:
        return None
    return None if rest else paths
