package io.smc4j.protocol.clc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiagnosisCodeTest {
    /** Symbols and values as Linux has them. */
    private static final String TABLE = """
            MEM 01010000
            TIMEOUT_CL 02010000
            TIMEOUT_AL 02020000
            CNFERR 03000000
            PEERNOSMC 03010000
            IPSEC 03020000
            NOSMCDEV 03030000
            NOSMCDDEV 03030001
            NOSMCRDEV 03030002
            NOISM2SUPP 03030003
            NOV2EXT 03030004
            NOV2DEXT 03030005
            NOSEID 03030006
            NOSMCD2DEV 03030007
            NOUEID 03030008
            RELEASEERR 03030009
            MAXCONNERR 0303000a
            MAXLINKERR 0303000b
            MODEUNSUPP 03040000
            RMBE_EC 03050000
            OPTUNSUPP 03060000
            DIFFPREFIX 03070000
            GETVLANERR 03080000
            ISMVLANERR 03090000
            NOACTLINK 030a0000
            NOSRVLINK 030b0000
            VERSMISMAT 030c0000
            MAX_DMB 030d0000
            NOROUTE 030e0000
            NOINDIRECT 030f0000
            SYNCERR 04000000
            PEERDECL 05000000
            INTERR 09990000
            ERR_RTOK 09990001
            ERR_RDYLNK 09990002
            ERR_REGBUF 09990003
            """;

    @Test
    void shouldHaveTheNumbersOfLinux() {
        assertThat(Stream.of(DiagnosisCode.values())
                        .map(code -> String.format("%s %08x%n", code.name(), code.code()))
                        .collect(Collectors.joining()))
                .isEqualToNormalizingNewlines(TABLE);
    }

    @ParameterizedTest
    @EnumSource
    void shouldExplainEveryCode(DiagnosisCode code) {
        assertThat(DiagnosisCode.of(code.code())).contains(code);
        assertThat(code.meaning()).isNotBlank().doesNotEndWith(".");
        assertThat(code.advice()).isNotBlank().endsWith(".");
    }

    @Test
    void shouldDescribeACode() {
        assertThat(DiagnosisCode.MAXLINKERR.describe())
                .isEqualTo("MAXLINKERR 0x0303000B (the limit of links per link group could not be agreed on)");
        assertThat(DiagnosisCode.of(0x02040000)).isEmpty();
    }
}
