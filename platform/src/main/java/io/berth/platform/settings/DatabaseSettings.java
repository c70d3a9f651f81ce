// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the database is reached.
 *
 * @param jdbcUrl without user and password, where they came as a part of a postgresql:// URL
 * @param user the role; null when the JDBC URL names it
 * @param passwordFile read for each new pool; null when the URL bears the password
 * @param givenPassword the password of the URL, null for that of the file
 */
public record DatabaseSettings(
        String jdbcUrl,
        @Nullable String user,
        @Nullable Path passwordFile,
        @Nullable String givenPassword) {
    private static final String VARIABLE = "BERTH_DATABASE_URL";
    private static final String CURE = "write postgresql://user:password@host:port/database or jdbc:postgresql://…";
    private static final Pattern URL =
            Pattern.compile("postgres(?:ql)?://(?:([^:@/?#]+)(?::([^@/?#]*))?@)?([^@/?#]+)/([^?#/]+)(\\?[^#]*)?");
    private static final Pattern JDBC_USER = Pattern.compile("[?&]user=");
    private static final Pattern SERVERS = Pattern.compile("jdbc:postgresql://([^/?]*)");
    private static final Pattern PORT = Pattern.compile(":([0-9]{1,5})$");
    private static final int DEFAULT_PORT = 5432; // PostgreSQL's
    private static final Pattern QUERY = Pattern.compile("\\?.*");

    static DatabaseSettings from(Environment environment, Path passwordFile) {
        String url = environment.text(VARIABLE, "");
        if (url.isEmpty()) {
            int port = environment.port("BERTH_DATABASE_PORT", 5442);
            return new DatabaseSettings("jdbc:postgresql://127.0.0.1:" + port + "/berth", "berth", passwordFile, null);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            return JDBC_USER.matcher(url).find()
                    ? new DatabaseSettings(url, null, null, null)
                    : new DatabaseSettings(url, "berth", passwordFile, null);
        }
        return fromUrl(url, passwordFile);
    }

    private static DatabaseSettings fromUrl(String url, Path passwordFile) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new InvalidSettingException(VARIABLE, url.replaceAll("//[^@]*@", "//…@"), CURE);
        }
        String query = parts.group(5) == null ? "" : parts.group(5);
        String jdbcUrl = "jdbc:postgresql://" + parts.group(3) + "/" + parts.group(4) + query;
        String user = parts.group(1) == null ? "berth" : decoded(parts.group(1));
        String password = parts.group(2) == null ? null : decoded(parts.group(2));
        return new DatabaseSettings(jdbcUrl, user, password == null ? passwordFile : null, password);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The password, null when the JDBC URL bears it or the server asks for none. */
    public @Nullable String password() {
        if (givenPassword != null || passwordFile == null) {
            return givenPassword;
        }
        try {
            return Files.readString(passwordFile).strip();
        } catch (IOException e) {
            throw new InvalidSettingException("the database's password is not readable in " + passwordFile + " ("
                    + e.getClass().getSimpleName() + "); start with ./berth up, which makes it");
        }
    }

    /** The TCP ports of the servers that the JDBC URL names. */
    public Set<Integer> ports() {
        Matcher servers = SERVERS.matcher(jdbcUrl);
        if (!servers.lookingAt()) {
            return Set.of(DEFAULT_PORT); // jdbc:postgresql:database is on this machine
        }
        return Stream.of(servers.group(1).split(",", -1))
                .map(server -> {
                    Matcher port = PORT.matcher(server);
                    return port.find() ? Integer.valueOf(port.group(1)) : Integer.valueOf(DEFAULT_PORT);
                })
                .collect(Collectors.toSet());
    }

    /** For messages: where the database is, without anything secret. */
    public String place() {
        return QUERY.matcher(jdbcUrl).replaceFirst("").replace("jdbc:", "");
    }

    @Override
    public String toString() {
        return "DatabaseSettings[" + place() + "]";
    }
}
