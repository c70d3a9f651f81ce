// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.access.AccessRules;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Keys with options, and certificates, from REST to the decision about a login. Keys and what is read from them are ssh-keygen's. */
@ExtendWith(SharedPlatform.class)
class SshAccessIT {
    @TempDir
    Path directory;

    private final RunningPlatform platform;
    private final Api admin;
    private final Api gateway;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String keys = "/tenants/" + tenant + "/ssh-keys";
    private final String certificates = "/tenants/" + tenant + "/ssh-certificates";

    SshAccessIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.gateway = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN);
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    @Test
    void optionsOfABodyAreKeptAndHandedToTheGateway() throws Exception {
        container();
        String key = newKey("a");
        Api.Answer added = admin.post(keys, """
                {"name":"ci","publicKey":"%s","options":{"from":["192.0.2.0/24"],"expiresAt":"2040-01-01T00:00:00Z",
                "forcedCommand":"backup \\"all\\"","permitOpen":["db:5432"],"permitListen":["8080"],"noPty":true,
                "noAgentForwarding":true}}""".formatted(key));
        assertThat(added.status()).as(added.toString()).isEqualTo(201);
        var options = added.json().path("options");
        assertThat(options.path("from").toString()).isEqualTo("[\"192.0.2.0/24\"]");
        assertThat(options.path("permitListen").toString()).isEqualTo("[\"*:8080\"]");
        assertThat(options.path("noPortForwarding").asBoolean()).isFalse();

        Api.Answer allowed = login("web", key, "192.0.2.7");
        assertThat(allowed.text("decision")).as(allowed.toString()).isEqualTo("ALLOW");
        var rules = allowed.json().path("rules");
        assertThat(rules.path("forcedCommand").asString()).isEqualTo("backup \"all\"");
        assertThat(rules.path("pty").asBoolean()).isFalse();
        assertThat(rules.path("forwarding").path("open").toString()).isEqualTo("[\"db:5432\"]");
        assertThat(rules.path("forwarding").path("agent").asBoolean()).isFalse();
        assertThat(grants(allowed)).contains("EXEC", "CONNECT", "LISTEN").doesNotContain("SHELL", "PTY", "SFTP");
        // as the gateway reads it
        AccessRules read = JsonMapper.builder().build().treeToValue(rules, AccessRules.class);
        assertThat(read.expiresAt()).isEqualTo(Instant.parse("2040-01-01T00:00:00Z"));
        assertThat(read.from().texts()).containsExactly("192.0.2.0/24");
        assertThat(read.forwarding().allowsListen("anywhere", 8080)).isTrue();
        assertThat(login("web", key, "198.51.100.7").text("decision")).isEqualTo("SOURCE_NOT_ALLOWED");
        assertThat(login("web", key, "unknown").text("decision")).isEqualTo("SOURCE_NOT_ALLOWED");
    }

    @Test
    void pastedLineBringsItsOptions() throws Exception {
        container();
        String key = newKey("b");
        Api.Answer added = admin.post(
                keys,
                "{\"name\":\"ci\",\"publicKey\":\"restrict,pty,expiry-time=\\\"20200101Z\\\" " + key + " me@laptop\"}");
        assertThat(added.status()).as(added.toString()).isEqualTo(201);
        assertThat(added.text("publicKey")).isEqualTo(key);
        assertThat(added.json().path("options").path("noX11Forwarding").asBoolean())
                .isTrue();
        assertThat(login("web", key, "192.0.2.7").text("decision")).isEqualTo("KEY_EXPIRED");

        String path = keys + "/" + added.text("id") + "/options";
        Api.Answer changed = admin.put(path, "{\"expiresAt\":\"2040-01-01T00:00:00Z\"}");
        assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
        assertThat(changed.json().path("options").path("noX11Forwarding").asBoolean())
                .isFalse();
        assertThat(login("web", key, "192.0.2.7").text("decision")).isEqualTo("ALLOW");
        assertThat(admin.put(keys + "/" + UUID.randomUUID() + "/options", "{}").status())
                .isEqualTo(404);
    }

    @Test
    void wrongOptionsAreNamedByTheirField() throws Exception {
        String key = newKey("c");
        assertField("options.from", key, "{\"from\":[\"example.org\"]}");
        assertField("options.from", key, "{\"from\":[\"!10.0.0.1\"]}");
        assertField("options.permitOpen", key, "{\"permitOpen\":[\"db\"]}");
        assertField("options.permitOpen", key, "{\"permitOpen\":[\"*.db:1\"]}");
        assertField("options.permitListen", key, "{\"permitListen\":[\"x\"]}");
        assertField("options.forcedCommand", key, "{\"forcedCommand\":\"a\\nb\"}");
        assertField("options", "no-pty " + key, "{\"noPty\":true}");
        assertField("publicKey", "environment=\\\"A=b\\\" " + key, "{}");
    }

    private void assertField(String field, String line, String options) {
        Api.Answer answer =
                admin.post(keys, "{\"name\":\"x\",\"publicKey\":\"" + line + "\",\"options\":" + options + "}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.text("field")).isEqualTo(field);
        assertThat(answer.text("detail")).startsWith(field + ": ");
    }

    @Test
    void certificateIsReadBySshKeygenAndOpensWhatItSays() throws Exception {
        container();
        for (String type : new String[] {"ed25519", "rsa", "ecdsa"}) {
            String key = newKey(type, type);
            Api.Answer issued = admin.post(certificates, """
                    {"publicKey":"%s me@laptop","principals":["www-data+web"],"from":["192.0.2.0/24"],
                    "forcedCommand":"id -u","noX11Forwarding":true}""".formatted(key));
            assertThat(issued.status()).as(issued.toString()).isEqualTo(201);
            Path file = directory.resolve(type + "-cert.pub");
            Files.writeString(file, issued.text("certificate") + "\n");
            String shown = run("ssh-keygen", "-L", "-f", file.toString());
            assertThat(shown)
                    .contains("user certificate", "www-data+web." + tenant, "Key ID: \"" + tenant + "/admin\"")
                    .contains("force-command id -u", "source-address 192.0.2.0/24", "permit-pty")
                    .contains("Serial: " + issued.text("serial"))
                    .doesNotContain("permit-X11-forwarding");
            Instant before = Instant.parse(issued.text("validBefore"));
            assertThat(before)
                    .isBetween(
                            Instant.now().plus(Duration.ofMinutes(479)),
                            Instant.now().plus(Duration.ofHours(8)));

            String certificate = issued.text("certificate");
            Api.Answer allowed = login("www-data+web", certificate, "192.0.2.7");
            assertThat(allowed.text("decision")).as(allowed.toString()).isEqualTo("ALLOW");
            assertThat(allowed.json().path("rules").path("forcedCommand").asString())
                    .isEqualTo("id -u");
            assertThat(ticket(allowed)).contains("certificate " + issued.text("serial"));
            assertThat(login("root+web", certificate, "192.0.2.7").text("decision"))
                    .isEqualTo("PRINCIPAL_NOT_ALLOWED");
            assertThat(login("www-data+web", certificate, "198.51.100.1").text("decision"))
                    .isEqualTo("SOURCE_NOT_ALLOWED");
            assertThat(login("www-data+web", key, "192.0.2.7").text("decision")).isEqualTo("UNKNOWN_KEY");
        }
    }

    @Test
    void certificateWithoutPrincipalsIsForAllOfItsTenantOnly() throws Exception {
        container();
        Api.Answer issued = admin.post(certificates, "{\"publicKey\":\"" + newKey("d") + "\"}");
        assertThat(issued.json().path("principals").toString()).isEqualTo("[\"*+*." + tenant + "\"]");
        String certificate = issued.text("certificate");
        assertThat(login("anybody+web", certificate, "192.0.2.7").text("decision"))
                .isEqualTo("ALLOW");
        assertThat(login("web.elsewhere", certificate, "192.0.2.7").text("decision"))
                .isEqualTo("NO_SUCH_CONTAINER");
    }

    @Test
    void revokedCertificateOpensNothing() throws Exception {
        container();
        Api.Answer issued = admin.post(certificates, "{\"publicKey\":\"" + newKey("e") + "\"}");
        String path = certificates + "/" + issued.text("id");
        assertThat(admin.delete(path).status()).isEqualTo(204);
        assertThat(admin.delete(path).status()).isEqualTo(204);
        assertThat(admin.get(path).text("revokedAt")).isNotEmpty();
        assertThat(admin.get(path).text("issuedBy")).isEqualTo("admin");
        assertThat(login("web", issued.text("certificate"), "192.0.2.7").text("decision"))
                .isEqualTo("CERTIFICATE_REVOKED");
        assertThat(admin.get(certificates).json().path("items").size()).isEqualTo(1);
    }

    @Test
    void certificateOfWhoeverLeftTheTenantOpensNothing() throws Exception {
        container();
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "correct horse battery staple";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        String member = "/tenants/" + tenant + "/members/" + name;
        assertThat(admin.put(member, "{\"role\":\"MEMBER\"}").status()).isEqualTo(200);
        Api.Answer issued = Api.basic(platform.address(), name, password)
                .post(certificates, "{\"publicKey\":\"" + newKey("m") + "\"}");
        String certificate = issued.text("certificate");
        assertThat(login("web", certificate, "192.0.2.7").text("decision"))
                .as(issued.toString())
                .isEqualTo("ALLOW");
        assertThat(admin.delete(member).status()).isEqualTo(204);
        assertThat(login("web", certificate, "192.0.2.7").text("decision")).isEqualTo("CERTIFICATE_REVOKED");
    }

    @Test
    void certificateOfAnotherAuthorityOpensNothing() throws Exception {
        container();
        newKey("ca");
        newKey("mine");
        run("ssh-keygen", "-q", "-s", file("ca"), "-I", "x", "-n", "*+*." + tenant, "-V", "+1h", file("mine.pub"));
        String foreign = Files.readString(directory.resolve("mine-cert.pub")).strip();
        assertThat(login("web", foreign.substring(0, foreign.lastIndexOf(' ')), "192.0.2.7")
                        .text("decision"))
                .isEqualTo("BAD_CERTIFICATE");
    }

    private String authorities() {
        return "/tenants/" + tenant + "/ssh-authorities";
    }

    private Api.Answer named(String key, String more) {
        return admin.post(authorities(), "{\"name\":\"ops\",\"publicKey\":\"" + key + "\"" + more + "}");
    }

    /** By the CA in the file {@code ca}. */
    private String signed(String name, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("ssh-keygen", "-q", "-s", file("ca"), "-I", "ann"));
        line.addAll(List.of(options));
        line.add(file(name + ".pub"));
        run(line.toArray(String[]::new));
        String[] parts = Files.readString(directory.resolve(name + "-cert.pub")).split(" ", -1);
        return parts[0] + " " + parts[1].strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa", "ecdsa"})
    void certificateOfTheTenantsOwnAuthorityOpensWhatItAndTheAuthorityMay(String type) throws Exception {
        container();
        run("ssh-keygen", "-q", "-N", "", "-t", type, "-f", file("ca"));
        newKey("mine");
        Api.Answer added = named(
                Files.readString(directory.resolve("ca.pub")).strip(), ",\"principals\":[\"root+web\",\"www-data+*\"]");
        assertThat(added.status()).as(added.toString()).isEqualTo(201);
        assertThat(added.json().path("principals").toString()).isEqualTo("[\"root+web\",\"www-data+*\"]");
        String all = signed("mine", "-n", "*+*." + tenant); // for ever
        Api.Answer allowed = login("web", all, "192.0.2.7");
        assertThat(allowed.text("decision")).as(allowed.toString()).isEqualTo("ALLOW");
        assertThat(ticket(allowed)).contains(added.text("fingerprint") + " ann");
        assertThat(login("bin+web", all, "192.0.2.7").text("decision")).isEqualTo("PRINCIPAL_NOT_ALLOWED");
        assertThat(login("lobby", all, "192.0.2.7").text("decision")).isNotEqualTo("LOBBY");
        String options = signed(
                "mine",
                "-n",
                "root+web." + tenant,
                "-V",
                "-1h:+1h",
                "-O",
                "clear",
                "-O",
                "permit-agent-forwarding",
                "-O",
                "source-address=192.0.2.0/24",
                "-O",
                "force-command=id");
        var rules = login("web", options, "192.0.2.7").json().path("rules");
        assertThat(rules.path("forcedCommand").asString()).isEqualTo("id");
        assertThat(rules.path("pty").asBoolean()).isFalse();
        assertThat(rules.path("forwarding").path("agent").asBoolean()).isTrue();
        assertThat(rules.path("forwarding").path("ports").asBoolean()).isFalse();
        assertThat(login("web", options, "198.51.100.1").text("decision")).isEqualTo("SOURCE_NOT_ALLOWED");
        assertThat(login("www-data+web", options, "192.0.2.7").text("decision")).isEqualTo("PRINCIPAL_NOT_ALLOWED");
        assertThat(login("web", signed("mine", "-n", "*+*." + tenant, "-V", "-2h:-1h"), "192.0.2.7")
                        .text("decision"))
                .isEqualTo("CERTIFICATE_EXPIRED");
        assertThat(admin.delete(authorities() + "/" + added.text("id")).status())
                .isEqualTo(204);
        assertThat(login("web", all, "192.0.2.7").text("decision")).isEqualTo("BAD_CERTIFICATE");
    }

    @Test
    void tenantsAuthorityOpensNothingOfAnotherTenant() throws Exception {
        container();
        newKey("mine");
        String authority = newKey("ca");
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        assertThat(admin.post("/tenants", "{\"name\":\"" + other + "\"}").status())
                .isEqualTo(201);
        assertThat(admin.post(
                                "/tenants/" + other + "/ssh-authorities",
                                "{\"name\":\"ops\",\"publicKey\":\"" + authority + "\"}")
                        .status())
                .isEqualTo(201);
        String here = signed("mine", "-n", "*+*." + tenant);
        assertThat(login("web", here, "192.0.2.7").text("decision")).isEqualTo("UNKNOWN_KEY");
        String both = signed("mine", "-n", "*+*." + tenant + ",*+*." + other);
        assertThat(login("web", both, "192.0.2.7").text("decision")).isEqualTo("BAD_CERTIFICATE");
        assertThat(login("web", signed("mine", "-n", "root"), "192.0.2.7").text("decision"))
                .isEqualTo("BAD_CERTIFICATE");
        assertThat(login("web", signed("mine", "-h", "-n", "*+*." + other), "192.0.2.7")
                        .text("decision"))
                .isEqualTo("BAD_CERTIFICATE");
        assertThat(named(authority, "").status()).isEqualTo(201);
        assertThat(login("web", here, "192.0.2.7").text("decision")).isEqualTo("ALLOW");
        byte[] blob = Base64.getDecoder().decode(here.split(" ", -1)[1]);
        for (int at = 0; at < blob.length; at += 7) {
            byte[] changed = blob.clone();
            changed[at] ^= 1;
            String line = here.split(" ", -1)[0] + " " + Base64.getEncoder().encodeToString(changed);
            assertThat(login("web", line, "192.0.2.7").text("decision"))
                    .as("byte %s", at)
                    .isEqualTo("BAD_CERTIFICATE");
        }
    }

    @Test
    void authorityIsForThoseWhoSayWhoIsAMember() throws Exception {
        String authority = newKey("ca");
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        assertThat(admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a long enough password\"}")
                        .status())
                .isEqualTo(201);
        assertThat(admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"MEMBER\"}")
                        .status())
                .isEqualTo(200);
        Api member = Api.basic(platform.address(), name, "a long enough password");
        assertThat(member.post(authorities(), "{\"name\":\"ops\",\"publicKey\":\"" + authority + "\"}")
                        .status())
                .isEqualTo(403);
        Api.Answer added = named(authority, "");
        assertThat(added.status()).isEqualTo(201);
        assertThat(member.get(authorities()).toString()).contains(added.text("id"));
        assertThat(member.delete(authorities() + "/" + added.text("id")).status())
                .isEqualTo(403);
        assertThat(named(authority, "").status()).isEqualTo(409);
        assertThat(named("ssh-ed25519 AAAA", "").text("field")).isEqualTo("publicKey");
        assertThat(admin.get("/tenants/" + tenant + "/ssh-authorities/" + UUID.randomUUID())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void certificateThatWasChangedOpensNothing() throws Exception {
        container();
        String certificate = admin.post(certificates, "{\"publicKey\":\"" + newKey("f") + "\"}")
                .text("certificate");
        String[] parts = certificate.split(" ", -1);
        byte[] blob = Base64.getDecoder().decode(parts[1]);
        for (int at = 0; at < blob.length; at += 7) {
            byte[] changed = blob.clone();
            changed[at] ^= 1;
            String line = parts[0] + " " + Base64.getEncoder().encodeToString(changed);
            assertThat(login("web", line, "192.0.2.7").text("decision"))
                    .as("byte %s", at)
                    .isEqualTo("BAD_CERTIFICATE");
        }
        assertThat(login("web", parts[0] + " !", "192.0.2.7").text("decision")).isEqualTo("BAD_CERTIFICATE");
        assertThat(login("web", parts[0], "192.0.2.7").text("decision")).isEqualTo("BAD_CERTIFICATE");
    }

    @Test
    void whatCannotStandInACertificateIsRefused() throws Exception {
        String key = newKey("g");
        assertRefused("principals", "{\"publicKey\":\"" + key + "\",\"principals\":[\"web.other\"]}");
        assertRefused("principals", "{\"publicKey\":\"" + key + "\",\"principals\":[\"We b\"]}");
        assertRefused("from", "{\"publicKey\":\"" + key + "\",\"from\":[\"10.*\"]}");
        String sk = new String(
                SshAccessIT.class.getResourceAsStream("sshkey/sk-ed25519.pub").readAllBytes(), StandardCharsets.UTF_8);
        assertRefused("publicKey", "{\"publicKey\":\"" + sk.strip() + "\"}");
    }

    private void assertRefused(String field, String body) {
        Api.Answer answer = admin.post(certificates, body);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(answer.text("field")).isEqualTo(field);
    }

    @Test
    void authorityIsShownAndKept() throws Exception {
        String line = admin.get("/ssh-certificate-authority").text("publicKey");
        Files.writeString(directory.resolve("ca.pub"), line + "\n");
        assertThat(run("ssh-keygen", "-l", "-f", file("ca.pub"))).contains("(ED25519)");
        Path secret = platform.state().resolve("platform/ssh-user-ca.key");
        assertThat(Files.getPosixFilePermissions(secret)).hasToString("[OWNER_READ, OWNER_WRITE]");
    }

    private static String ticket(Api.Answer answer) {
        return new String(
                Base64.getUrlDecoder().decode(answer.text("ticket").split("\\.", -1)[1]), StandardCharsets.UTF_8);
    }

    private static String grants(Api.Answer answer) {
        return JsonMapper.shared().readTree(ticket(answer)).path("grants").toString();
    }

    private Api.Answer login(String userName, String publicKey, String source) {
        return gateway.post(
                "/gateway/logins",
                "{\"userName\":\"" + userName + "\",\"publicKey\":\"" + publicKey + "\",\"sourceAddress\":\"" + source
                        + "\"}");
    }

    private void container() {
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private String newKey(String name) throws Exception {
        return newKey(name, "ed25519");
    }

    private String newKey(String name, String type) throws Exception {
        run("ssh-keygen", "-q", "-N", "", "-C", "", "-t", type, "-f", file(name));
        return Files.readString(directory.resolve(name + ".pub")).strip();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
        return out;
    }
}
