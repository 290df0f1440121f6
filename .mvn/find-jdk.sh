# Sourced by mvnw and smc4j: sets JAVA_HOME to a JDK of at least version 25, or says in one line what to install.
# Looks at JAVA_HOME, the javac on PATH, and the places where Linux and macOS systems and SDKMAN put JDKs.
smc4j_jdk_version() { # prints the feature version of the JDK in $1, or nothing if there is none
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}
smc4j_find_jdk() {
  smc4j_on_path=$(command -v javac 2>/dev/null) && smc4j_on_path=$(readlink -f "$smc4j_on_path" 2>/dev/null)
  for smc4j_home in "${JAVA_HOME:-}" "${smc4j_on_path%/bin/javac}" \
    /usr/lib/jvm/*25* /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$smc4j_home" ] || continue
    smc4j_version=$(smc4j_jdk_version "$smc4j_home")
    if [ -n "$smc4j_version" ] && [ "$smc4j_version" -ge 25 ]; then
      JAVA_HOME=$smc4j_home
      export JAVA_HOME
      return 0
    fi
  done
  echo "smc4j needs JDK 25 and found none: install one (for example the package temurin-25-jdk or openjdk-25-jdk) or set JAVA_HOME to it." >&2
  return 1
}
smc4j_find_jdk || exit 1
