package io.smc4j.benchmarks.perf.run;

import io.smc4j.benchmarks.perf.plan.PeerName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An archive of loaded classes (CDS) beside the command's jar, which makes twenty JVMs start in about half the time. One child of a run
 * writes it when it ends, if there is none or it fits the jar or the JVM no more; a JVM that cannot use it does without. It changes how
 * classes are loaded and nothing that is measured.
 */
record ClassArchive(Path classPath) {
    /** Uses about every class that the others use. */
    private static final PeerName WRITER = PeerName.SMC_D;

    private static final String WRITERS_END = "client";

    /** Of this JVM's class path. */
    static ClassArchive ofThisJvm() {
        return new ClassArchive(Path.of(System.getProperty("java.class.path")));
    }

    /** Flags for a child. None where the class path is no single jar, as in tests. */
    List<String> flags(PeerName peer, String end) {
        if (!classPath.toString().endsWith(".jar") || !Files.isRegularFile(classPath)) {
            return List.of();
        }
        Path archive = classPath.resolveSibling(classPath.getFileName() + ".jsa");
        String use = "-XX:SharedArchiveFile=" + archive;
        if (peer == WRITER && end.equals(WRITERS_END)) {
            return List.of("-XX:+AutoCreateSharedArchive", use);
        }
        return Files.isRegularFile(archive) ? List.of(use) : List.of();
    }
}
