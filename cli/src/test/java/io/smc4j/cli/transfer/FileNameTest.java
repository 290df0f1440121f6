package io.smc4j.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "name",
                "/../x",
                "/..",
                "/.",
                "/.bashrc",
                "/a/b",
                "/a%2fb",
                "/..%2F..%2Fetc%2Fpasswd",
                "/a%5cb",
                "/a%00b",
                "/a%0Ab",
                "/a%",
                "/a%4",
                "/a%zz",
                "/%ff%fe",
                "/a?b",
                "/a#b",
                "http://host/x",
                "*",
                "/%e2%80%ae"
            })
    void shouldRefuseWhateverIsNotOnePlainName(String target) {
        assertThatThrownBy(() -> FileName.fromTarget(target)).isInstanceOf(Refusal.class);
    }

    @Test
    void shouldRefuseNamesThatNoFileSystemTakes() {
        assertThatThrownBy(() -> FileName.checked("ä".repeat(150))).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"modules", "a b.txt", "50%.txt", "grüße-日本.bin", "a+b&c=d", "~x", "-rf"})
    void shouldCarryEveryPlainNameUnchanged(String name) throws Exception {
        assertThat(FileName.fromTarget(FileName.checked(name).toTarget()).value())
                .isEqualTo(name);
        assertThat(FileName.checked(name).toTarget()).matches("/[A-Za-z0-9._~%-]+");
    }
}
