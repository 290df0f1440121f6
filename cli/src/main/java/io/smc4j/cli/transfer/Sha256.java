package io.smc4j.cli.transfer;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A SHA-256 checksum: 32 bytes, in hex for people and as an RFC 9530 field for HTTP. */
final class Sha256 {
    /** The HTTP field, as a header or in the trailer. */
    static final String FIELD = "Repr-Digest";

    private static final int LENGTH = 32;
    private static final Pattern MEMBER = Pattern.compile("(?:^|,)\\s*sha-256=:([A-Za-z0-9+/]{43}=):\\s*(?:,|$)");

    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The checksum of everything {@code digest} was given; resets it. */
    static Sha256 finish(MessageDigest digest) {
        return new Sha256(digest.digest());
    }

    /** Parses {@code Repr-Digest: sha-256=:BASE64:}; empty if there is no SHA-256 in it. */
    static Optional<Sha256> fromField(String value) {
        Matcher matcher = MEMBER.matcher(value);
        if (!matcher.find()) {
            return Optional.empty();
        }
        byte[] decoded = Base64.getDecoder().decode(matcher.group(1));
        return decoded.length == LENGTH ? Optional.of(new Sha256(decoded)) : Optional.empty();
    }

    /** The value of the HTTP field. */
    String toField() {
        return "sha-256=:" + Base64.getEncoder().encodeToString(bytes) + ":";
    }

    /** 64 hexadecimal digits, as {@code sha256sum} prints them. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sha256 sha && MessageDigest.isEqual(bytes, sha.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
