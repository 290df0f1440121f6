package io.smc4j.benchmarks.perf.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An archive of loaded classes (CDS) beside the command's jar, which makes twenty JVMs start in about half the time. It is written before
 * a run by a child that lives for that alone, if there is none that is younger than the jar. It changes how classes are loaded and
 * nothing that is measured; where the class path is no single jar, as in tests, there is none.
 *
 * @param jar the class path
 * @param file the archive, one for each version of the JVM
 */
record ClassArchive(Path jar, Path file) {
    /** Of this JVM and its class path. */
    static ClassArchive ofThisJvm() {
        return of(Path.of(System.getProperty("java.class.path")), Runtime.version());
    }

    static ClassArchive of(Path classPath, Runtime.Version version) {
        return new ClassArchive(classPath, classPath.resolveSibling(classPath.getFileName() + "." + version + ".jsa"));
    }

    /** Whether there can be one. */
    boolean isPossible() {
        return jar.toString().endsWith(".jar") && Files.isRegularFile(jar);
    }

    /** Whether there is one that fits the jar. */
    boolean isCurrent() {
        try {
            return isPossible()
                    && Files.isRegularFile(file)
                    && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(jar)) > 0;
        } catch (IOException _) {
            return false; // it has just gone
        }
    }

    /** For a JVM that uses it, if it can. */
    List<String> toUse() {
        return isCurrent() ? List.of("-XX:SharedArchiveFile=" + file) : List.of();
    }

    /** For a JVM that writes it when it ends. */
    List<String> toWrite() {
        return List.of("-XX:ArchiveClassesAtExit=" + file);
    }
}
