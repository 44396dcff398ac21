package io.github.jnstools;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to do about an error whose text alone would mislead. Every hint is in the one table here.
 *
 * @param operation the system call that failed
 * @param context a part of the call's context, or "" for any
 * @param errno the error
 * @param text one imperative sentence
 * @param man the page that says so
 */
public record Hint(String operation, String context, Errno errno, String text, String man) {

  // The first row that fits is the one.
  private static final List<Hint> TABLE =
      List.of(
          new Hint(
              "setns",
              "CLONE_NEWUSER",
              Errno.EINVAL,
              "this is the user namespace that the caller is in already; leave out -U",
              "setns(2)"),
          new Hint(
              "setns",
              "CLONE_NEWPID",
              Errno.EINVAL,
              "only the caller's own PID namespace or a descendant of it can be joined; start from"
                  + " an ancestor",
              "setns(2)"),
          new Hint(
              "setns",
              "CLONE_NEWTIME",
              Errno.EUSERS,
              "a JVM has many threads and the kernel wants one; launch a program there instead",
              "time_namespaces(7)"),
          new Hint(
              "setns",
              "CLONE_NEWNS",
              Errno.EPERM,
              "needs CAP_SYS_ADMIN and CAP_SYS_CHROOT over the user namespace that owns it; run as"
                  + " root, or enter that user namespace too (jnsenter -U --preserve-credentials)",
              "setns(2)"),
          new Hint(
              "setns",
              "",
              Errno.EPERM,
              "needs CAP_SYS_ADMIN over the user namespace that owns it; run as root, or enter that"
                  + " user namespace too (jnsenter -U --preserve-credentials)",
              "setns(2)"),
          new Hint(
              "setns",
              "",
              Errno.EXDEV,
              "the kernel put this process into another namespace than the one asked for; nothing"
                  + " was run",
              "namespaces(7)"),
          new Hint(
              "unshare",
              "",
              Errno.ENOSPC,
              "the limit on namespaces is reached; raise it in /proc/sys/user/max_mnt_namespaces",
              "namespaces(7)"),
          new Hint(
              "unshare",
              "",
              Errno.EPERM,
              "a private mount namespace needs CAP_SYS_ADMIN; run as root",
              "unshare(2)"),
          new Hint(
              "fork",
              "",
              Errno.ENOMEM,
              "the init process of the PID namespace has ended; nothing can start in it any more",
              "pid_namespaces(7)"),
          new Hint(
              "fork",
              "",
              Errno.EAGAIN,
              "a limit on processes is reached; see ulimit -u, the cgroup's pids.max, and"
                  + " kernel.pid_max",
              "fork(2)"),
          new Hint(
              "pidfd_open",
              "",
              Errno.ESRCH,
              "no process has this pid in the caller's PID namespace; look it up again",
              "pidfd_open(2)"),
          new Hint(
              "pidfd_open",
              "",
              Errno.EINVAL,
              "this is a thread, and to pin one needs Linux 6.9; name the process it belongs to",
              "pidfd_open(2)"),
          new Hint(
              "openat",
              "/ns/",
              Errno.EACCES,
              "needs the right to inspect the process: be its user, or root with CAP_SYS_PTRACE",
              "ptrace(2)"),
          new Hint(
              "openat",
              "/ns/",
              Errno.ENOENT,
              "the kernel has no namespaces of this type, or the process has just ended",
              "namespaces(7)"),
          new Hint(
              "openat",
              "/proc/",
              Errno.EACCES,
              "needs the right to inspect the process: be its user, or root with CAP_SYS_PTRACE",
              "ptrace(2)"),
          new Hint(
              "openat",
              ", O_DIRECTORY",
              Errno.ENOENT,
              "the process is there but /proc hides it: mounted with hidepid, or for another PID"
                  + " namespace; run as root or mount a fresh /proc",
              "proc(5)"),
          new Hint(
              "pidfd_getfd",
              "",
              Errno.EPERM,
              "needs the right to trace the process: be root with CAP_SYS_PTRACE, or its user where"
                  + " kernel.yama.ptrace_scope is 0",
              "ptrace(2)"),
          new Hint(
              "pidfd_getfd",
              "",
              Errno.EBADF,
              "the target has no such descriptor; see /proc/PID/fd",
              "pidfd_getfd(2)"),
          new Hint(
              "ioctl",
              "SIOCGSKNS",
              Errno.ENOTTY,
              "the descriptor is not a socket; see /proc/PID/fd",
              "ioctl(2)"),
          new Hint(
              "ioctl",
              "NS_GET_USERNS",
              Errno.EPERM,
              "the parent user namespace is the caller's own parent or further out; it cannot be"
                  + " entered from here",
              "ioctl_nsfs(2)"),
          new Hint(
              "open_by_handle_at",
              "",
              Errno.ESTALE,
              "no namespace that the caller may see has this id, or the kernel, before 6.19, cannot"
                  + " look one up; name a file of it instead: /proc/PID/ns/TYPE",
              "open_by_handle_at(2)"),
          new Hint(
              "open",
              "/proc/",
              Errno.EACCES,
              "this /proc is mounted so that it hides the processes of others; run as root",
              "proc(5)"),
          new Hint(
              "connect",
              "docker",
              Errno.EACCES,
              "run as root, or as a member of the group docker",
              "unix(7)"),
          new Hint(
              "connect",
              "",
              Errno.EACCES,
              "the socket is for its owner and its group; run as root",
              "unix(7)"),
          new Hint(
              "connect",
              "",
              Errno.ECONNREFUSED,
              "the daemon that made the socket has ended; start it",
              "connect(2)"),
          new Hint(
              "memfd_create",
              "",
              Errno.EACCES,
              "vm.memfd_noexec=2 forbids executable memory files, which a launch needs; set it to 1",
              "memfd_create(2)"),
          new Hint(
              "setgroups",
              "",
              Errno.EPERM,
              "the user namespace denies setgroups(2), or CAP_SETGID is missing; keep the caller's"
                  + " ids with --preserve-credentials",
              "user_namespaces(7)"),
          new Hint(
              "setuid",
              "",
              Errno.EINVAL,
              "the user id is not mapped in the user namespace; see /proc/PID/uid_map",
              "user_namespaces(7)"),
          new Hint(
              "setgid",
              "",
              Errno.EINVAL,
              "the group id is not mapped in the user namespace; see /proc/PID/gid_map",
              "user_namespaces(7)"),
          new Hint(
              "mount",
              ", /proc, proc",
              Errno.ENOENT,
              "the root file system that is entered has no directory /proc; leave out -m",
              "mount(2)"),
          new Hint(
              "mount",
              ", /proc, proc",
              Errno.EPERM,
              "a new /proc needs CAP_SYS_ADMIN over the owner of the PID namespace, and an old one"
                  + " that nothing covers; run as root, without -m",
              "user_namespaces(7)"),
          new Hint(
              "mount",
              ", /sys, sysfs",
              Errno.EPERM,
              "a new /sys needs CAP_SYS_ADMIN over the owner of the network namespace, and an old"
                  + " one that nothing covers; run as root, or keep the old one with jnsenter -n",
              "user_namespaces(7)"),
          new Hint(
              "mkdir",
              "",
              Errno.EROFS,
              "remount its file system writable, or name another directory with --netns-dir",
              "mkdir(2)"),
          new Hint(
              "unlinkat",
              "",
              Errno.EROFS,
              "remount its file system writable, or name another directory with --netns-dir",
              "unlink(2)"),
          new Hint(
              "openat2",
              "/root/",
              Errno.EXDEV,
              "a link in /proc leads out of the target's root directory; nothing was read",
              "openat2(2)"),
          new Hint(
              "mount",
              "MS_SHARED",
              Errno.EPERM,
              "a mount needs CAP_SYS_ADMIN over the owner of the mount namespace; run as root, or"
                  + " make a link instead: without --bind",
              "mount(2)"),
          new Hint(
              "flock",
              "",
              Errno.EAGAIN,
              "another process has kept the directory locked for 30 seconds; lslocks shows which",
              "flock(2)"),
          new Hint(
              "exec",
              "",
              Errno.ENOENT,
              "it is looked up in the file system that is entered; one that is there may lack its"
                  + " interpreter",
              "execve(2)"),
          new Hint(
              "chdir",
              "",
              Errno.EXDEV,
              "the path leads out of the file system that was entered; nothing was run",
              "getcwd(3)"));

  /** The hints for an operation, whichever error it may meet. */
  public static List<Hint> of(String operation, String context) {
    List<Hint> found = new ArrayList<>();
    for (Hint hint : TABLE) {
      if (hint.operation.equals(operation) && context.contains(hint.context)) {
        found.add(hint);
      }
    }
    return found;
  }

  /** The hint for an error of an operation. */
  public static Optional<Hint> find(String operation, String context, int errno) {
    for (Hint hint : of(operation, context)) {
      if (hint.errno.number() == errno) {
        return Optional.of(hint);
      }
    }
    return Optional.empty();
  }
}
