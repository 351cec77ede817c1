"""Whether a folder can hold a history: SQLite's write-ahead log works on one host only."""

import subprocess
import sys
from pathlib import Path

from console.errors import OperatorError
from console.language import _

_NETWORK = {
    *("nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs"),
    *("webdav", "davfs", "fuse.davfs2", "fuse.sshfs", "fuse.rclone", "fuse.glusterfs"),
    *("fuse.s3fs", "fuse.cephfs", "ceph", "lustre", "beegfs", "glusterfs", "ocfs2", "gfs2"),
}
_DRIVE_REMOTE = 4  # GetDriveTypeW


def refuse_network_share(path: Path) -> None:
    """Raise OperatorError when the file lies, or would lie, on a network share."""
    if on_network_share(path):
        raise OperatorError(
            _(
                "{path} is on a network share, where a history can be damaged; "
                "keep it on a disk of this computer and copy an export of it to the share."
            ).format(path=path)
        )


def on_network_share(path: Path) -> bool:
    """Tell whether the path is on a file system of another host."""
    if sys.platform == "win32":
        return _remote_drive(path.absolute())
    return file_system(path, _mounts()) in _NETWORK


def file_system(path: Path, mounts: dict[str, str]) -> str:
    """Return the type of the file system that holds `path`; `mounts` is mount point → type."""
    whole = path.absolute()
    existing = next(parent for parent in (whole, *whole.parents) if parent.exists())
    resolved = existing.resolve()
    for parent in (resolved, *resolved.parents):
        if str(parent) in mounts:
            return mounts[str(parent)]
    return ""


def _mounts() -> dict[str, str]:
    table = Path("/proc/self/mounts")
    if table.exists():
        rows = [line.split(" ") for line in table.read_text(errors="replace").splitlines()]
        return {row[1].replace("\\040", " "): row[2].lower() for row in rows}
    listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
    return parse_mount_listing(listed)


def parse_mount_listing(listed: str) -> dict[str, str]:
    """Read what `mount` prints on macOS and BSD: `device on /point (type, options)`."""
    mounts = {}
    for line in listed.splitlines():
        point, _bracket, options = line.partition(" on ")[2].rpartition(" (")
        mounts[point] = options.partition(",")[0].strip(" )").lower()
    return mounts


def _remote_drive(path: Path) -> bool:
    if path.drive.startswith("\\\\"):
        return True
    import ctypes  # the Windows part of it exists only there

    kind = ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\")  # type: ignore[attr-defined,unused-ignore]
    return bool(kind == _DRIVE_REMOTE)
