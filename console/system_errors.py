"""What the operating system refused, in the words of this program."""

import errno

from console.language import N_, _

_WORDS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("you have no permission"),
    errno.EPERM: N_("you have no permission"),
    errno.EROFS: N_("nothing can be written on that disk"),
    errno.ENOSPC: N_("that disk is full"),
    errno.EDQUOT: N_("your share of that disk is used up"),
    errno.EISDIR: N_("that is a folder, not a file"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EEXIST: N_("there is something of that name already"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EIO: N_("the disk fails"),
    errno.EMFILE: N_("too many files are open"),
}


def in_words(error: Exception) -> str:
    """Return why, without a path and without a full stop; what is not known as the system says."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    known = _WORDS.get(error.errno)
    return _(known) if known else error.strerror or str(error)
