package io.smc4j.rdma.tcpoption;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Attaches the program to a control group. For the processes in it, and in groups below, sockets that opt in carry the option; all
 * others are as before. Several attachments to the same or to nested groups do no harm: each leaves what the first has done.
 *
 * <p>Thread-safe. Blocks while the kernel verifies the program (about a millisecond).
 */
public final class TcpOptionProgram {
    private static final String NAME = "smc4j_option";
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int EEXIST = 17;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    private static final int LOG_BYTES = 1 << 18;

    private TcpOptionProgram() {}

    /** The program is attached as long as this is open. When the process dies in whatever way, the kernel detaches it. */
    public static final class Attachment implements AutoCloseable {
        private final Path cgroup;
        private final int link;
        private boolean open = true;

        private Attachment(Path cgroup, int link) {
            this.cgroup = cgroup;
            this.link = link;
        }

        public Path cgroup() {
            return cgroup;
        }

        /**
         * Keeps the program attached after this process has ended, until {@link TcpOptionProgram#detach}.
         *
         * @param pin a file that does not exist yet, in a bpf file system (usually mounted at /sys/fs/bpf)
         */
        public void keep(Path pin) throws TcpOptionException {
            int result = BpfSystemCall.pin(link, pin.toString());
            if (result < 0) {
                throw new TcpOptionException("cannot pin the program's attachment as " + pin + ": "
                        + switch (-result) {
                            case EEXIST ->
                                "the file is there already, from an earlier call: 'smc4j enable-tcp-option --disable' first";
                            case ENOENT -> "there is no such directory";
                            case EPERM, EACCES, EINVAL ->
                                "its directory is in no bpf file system (mount -t bpf bpf /sys/fs/bpf), or this user may not"
                                        + " write there; --foreground does without";
                            default -> "errno " + -result;
                        });
            }
        }

        @Override
        public synchronized void close() {
            if (open) {
                open = false;
                BpfSystemCall.close(link);
            }
        }
    }

    /** Attaches the program to a control group. */
    public static Attachment attach(Path cgroup) throws TcpOptionException {
        require(cgroup);
        int directory = BpfSystemCall.open(cgroup.toString());
        if (directory < 0) {
            throw new TcpOptionException("the control group " + cgroup + " cannot be opened: "
                    + (directory == -ENOENT ? "there is none of that name" : "errno " + -directory));
        }
        try {
            int program = load();
            try {
                int link = BpfSystemCall.link(program, directory);
                if (link < 0) {
                    throw refused("attaching the program to " + cgroup, link);
                }
                return new Attachment(cgroup, link);
            } finally {
                BpfSystemCall.close(program); // the link keeps it
            }
        } finally {
            BpfSystemCall.close(directory);
        }
    }

    private static int load() throws TcpOptionException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(LOG_BYTES, 8);
            int program = BpfSystemCall.load(SockOpsProgram.code(), NAME, log);
            if (program < 0) {
                String said = log.getString(0).strip();
                TcpOptionException refused = refused("loading the program", program);
                throw said.isEmpty() || program == -EPERM
                        ? refused
                        : new TcpOptionException(refused.getMessage() + "; the kernel's verifier says: "
                                + said.substring(Math.max(0, said.length() - 400)));
            }
            return program;
        }
    }

    /** What is plain to see before the kernel is asked. */
    private static void require(Path cgroup) throws TcpOptionException {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")) {
            throw new TcpOptionException("the TCP option needs Linux 6.1 or later");
        }
        if (!Files.isRegularFile(cgroup.resolve("cgroup.procs")) || Files.exists(cgroup.resolve("notify_on_release"))) {
            String root;
            try {
                root = ControlGroups.root()
                        .map(path -> "they are below " + path)
                        .orElse("none is mounted here: mount -t cgroup2 none /sys/fs/cgroup");
            } catch (IOException e) {
                root = "and /proc is not mounted";
            }
            throw new TcpOptionException(cgroup + " is no version 2 control group; " + root);
        }
        List<String> missing = Capabilities.missing();
        if (!missing.isEmpty()) {
            throw new TcpOptionException("attaching the program takes " + String.join(" and ", missing)
                    + ", which this process does not have: have root run 'smc4j enable-tcp-option --cgroup " + cgroup
                    + "' once, or grant it");
        }
    }

    private static TcpOptionException refused(String what, int result) {
        return new TcpOptionException(what + " was refused: "
                + switch (-result) {
                    case EPERM ->
                        "EPERM, although the capabilities are there: a seccomp filter of the container, a lockdown of the kernel, or"
                                + " the namespace of another user";
                    case EINVAL -> "EINVAL: this kernel is too old, Linux 6.1 or later is needed";
                    case ENOSYS ->
                        "ENOSYS: this kernel was built without bpf(2), or smc4j does not know its number on "
                                + System.getProperty("os.arch");
                    default -> "errno " + -result;
                });
    }

    /** Whether something is pinned there. */
    public static boolean isKept(Path pin) {
        int link = BpfSystemCall.get(pin.toString());
        if (link >= 0) {
            BpfSystemCall.close(link);
        }
        return link >= 0;
    }

    /**
     * Undoes {@link Attachment#keep}. Removes nothing but a pinned object.
     *
     * @return whether there was anything to undo
     */
    public static boolean detach(Path pin) throws TcpOptionException {
        try {
            if (!Files.exists(pin, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            if (Files.isSymbolicLink(pin) || !isKept(pin)) {
                throw new TcpOptionException(
                        "not removing " + pin
                                + ": nothing is pinned there, or this process may not open it (CAP_BPF); was it --pin that named it?");
            }
            return Files.deleteIfExists(pin);
        } catch (IOException e) {
            throw new TcpOptionException(
                    "cannot remove " + pin + ", which keeps the program attached: " + e.getMessage());
        }
    }
}
