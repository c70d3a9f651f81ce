// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.berth.core.access.AccessRules;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import io.berth.gateway.audit.Courier;
import io.berth.gateway.lobby.Rest;
import io.berth.gateway.recording.Ending;
import io.berth.gateway.recording.Facts;
import io.berth.gateway.recording.RecordingCourier;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks the platform by HTTP over connections that are kept open; safe for use by many threads. */
final class PlatformDesk implements LoginDesk {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformDesk.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    /** The platform itself gives up after a minute. */
    private static final Duration WAKE_TIMEOUT = Duration.ofSeconds(70);

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int REFUSED = 400;
    private static final int UNAUTHORISED = 401;
    private static final int FAILED = 500;
    /** Some 250 bytes each, in the 256 KiB of a request. */
    private static final int MOST_REPORTED = 700;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY) // the token goes to the platform and nowhere else
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final JsonMapper json = JsonMapper.builder().build();
    private final URI logins;
    private final String token;

    PlatformDesk(URI logins, String token) {
        this.logins = logins;
        this.token = token;
    }

    /** @throws StartException when the file holds no token */
    static String readToken(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new StartException("token file " + file + " holds no token; ./berth down, remove it, ./berth up");
            }
            return token;
        } catch (IOException e) {
            throw new StartException(
                    "token file " + file + " cannot be read; ./berth up makes it and lets the gateway's group read it",
                    e);
        }
    }

    /** Opens the first connection and has the classes behind it loaded, before somebody waits for them. */
    void greet() {
        try {
            json.readValue("{}", Answer.class);
            json.writeValueAsBytes(new LoginRequest("", "", ""));
            send(HttpRequest.newBuilder(logins.resolve("/actuator/health"))
                    .timeout(ANSWER_TIMEOUT)
                    .build());
        } catch (PlatformSilentException e) {
            LOG.info("event=platform-silent cause={}, ignoring", Printable.line(String.valueOf(e.getMessage())));
        }
    }

    private record ShownHostKey(String publicKey, int port) {}

    /**
     * Has the platform tell clients which key they will meet.
     *
     * @return false when it did not answer
     */
    boolean show(String hostKey, int port) {
        try {
            return post("host-keys", ANSWER_TIMEOUT, new ShownHostKey(hostKey, port))
                            .statusCode()
                    == NO_CONTENT;
        } catch (PlatformSilentException e) {
            LOG.debug("event=platform-silent", e);
            return false;
        }
    }

    /** @param decision ALLOW or why not */
    private record Answer(
            @Nullable String decision,
            @Nullable String message,
            @Nullable String tenant,
            @Nullable String containerName,
            @Nullable String guestUser,
            @Nullable String ticket,
            @Nullable Instant ticketExpiresAt,
            @Nullable String standbyTicket,
            @Nullable Instant standbyExpiresAt,
            @Nullable AccessRules rules,
            Decision.@Nullable Stopped stopped,
            Decision.@Nullable SessionPolicy policy) {}

    @Override
    public Decision decide(LoginRequest request) throws PlatformSilentException {
        return asked(request, ANSWER_TIMEOUT);
    }

    @Override
    public Decision decide(LoginRequest request, Duration patience) throws PlatformSilentException {
        return asked(request, patience);
    }

    private record Renewal(String userName, String publicKey, String sourceAddress, boolean renewal) {}

    @Override
    public Decision renew(LoginRequest request) throws PlatformSilentException {
        return asked(
                new Renewal(request.userName(), request.publicKey(), request.sourceAddress(), true), ANSWER_TIMEOUT);
    }

    private Decision asked(Object request, Duration patience) throws PlatformSilentException {
        HttpResponse<byte[]> response = post("logins", patience, request);
        if (response.statusCode() != OK) {
            throw new PlatformSilentException("POST " + logins + ": status " + response.statusCode());
        }
        return decision(read(response, Answer.class));
    }

    private record Wake(@JsonUnwrapped LoginRequest login, boolean interactive) {}

    /** Asks twice as everywhere: starting what starts is harmless. */
    @Override
    public Decision wake(LoginRequest request, boolean interactive) throws PlatformSilentException {
        HttpResponse<byte[]> response = post("wakes", WAKE_TIMEOUT, new Wake(request, interactive));
        return response.statusCode() == OK
                ? decision(read(response, Answer.class))
                : new Decision.Nowhere("the container does not start: " + detail(response));
    }

    private record Shown(@JsonUnwrapped LoginRequest login, String code) {}

    @Override
    public SecondFactorAnswer secondFactor(LoginRequest request, String code) throws PlatformSilentException {
        HttpResponse<byte[]> response = post("second-factors", ANSWER_TIMEOUT, new Shown(request, code));
        if (response.statusCode() != OK) {
            throw new PlatformSilentException("POST second-factors: " + detail(response));
        }
        return read(response, SecondFactorAnswer.class);
    }

    private record NewLobbyLogin(@JsonUnwrapped LoginRequest login, Proof proof) {}

    private record LobbyLogin(
            @Nullable String id,
            @Nullable String token,
            @Nullable String tenant,
            @Nullable String person) {}

    @Override
    public LobbyCredential lobby(LoginRequest request, Proof proof) throws PlatformSilentException {
        HttpResponse<byte[]> response = post("lobby-logins", ANSWER_TIMEOUT, new NewLobbyLogin(request, proof));
        if (response.statusCode() != OK) {
            throw new PlatformSilentException("POST lobby-logins: " + detail(response));
        }
        LobbyLogin login = read(response, LobbyLogin.class);
        String id = required(login.id);
        return new LobbyCredential(
                id,
                new Rest(http, logins.resolve("/api/v1/"), required(login.token)),
                new TenantName(required(login.tenant)).value(),
                required(login.person));
    }

    @Override
    public void leaveLobby(LobbyCredential credential) {
        try {
            post("lobby-logins/" + credential.id() + "/end", ANSWER_TIMEOUT, null);
        } catch (PlatformSilentException e) {
            LOG.info(
                    "event=lobby-not-left cause=\"{}\", ignoring: it ends by itself",
                    Printable.line(String.valueOf(e.getMessage())));
        }
    }

    /** One open session, as the platform lists it. */
    private record OpenSession(
            UUID id,
            String tenant,
            String container,
            String guestUser,
            String kind,
            boolean terminal,
            String key,
            String source,
            Instant startedAt,
            Instant activeAt,
            long bytesIn,
            long bytesOut) {
        static OpenSession of(LiveSession session) {
            LiveSession.Facts facts = session.facts();
            return new OpenSession(
                    facts.id(),
                    facts.tenant(),
                    facts.container(),
                    facts.guestUser(),
                    facts.kind(),
                    facts.terminal(),
                    String.valueOf(facts.who().key()),
                    facts.who().source(),
                    facts.startedAt(),
                    session.activeAt(),
                    session.bytesIn(),
                    session.bytesOut());
        }
    }

    private record Report(String gateway, List<OpenSession> sessions) {}

    private record Orders(@Nullable List<UUID> kill) {}

    /**
     * Tells what is open.
     *
     * @param gateway the fingerprint of our host key
     * @return what is to be ended
     */
    List<UUID> report(String gateway, List<LiveSession> open) throws PlatformSilentException {
        // the newest, should there be more than the platform takes at once
        List<OpenSession> told = open.stream()
                .sorted(Comparator.comparing(
                                (LiveSession session) -> session.facts().startedAt())
                        .reversed())
                .limit(MOST_REPORTED)
                .map(OpenSession::of)
                .toList();
        HttpResponse<byte[]> response = post("sessions", ANSWER_TIMEOUT, new Report(gateway, told));
        if (response.statusCode() != OK) {
            throw new PlatformSilentException("POST sessions: " + detail(response));
        }
        List<UUID> kill = read(response, Orders.class).kill;
        return kill == null ? List.of() : kill;
    }

    private record Known(long version) {}

    /** @param bans null where they are the ones that were asked about */
    record Standing(long version, @Nullable List<Bans.Ban> bans) {
        Bans list() {
            return new Bans(version, bans == null ? List.of() : bans);
        }
    }

    /**
     * Who is banned.
     *
     * @param version of the list that we have
     * @return empty when it is the newest
     */
    Optional<Bans> bans(long version) throws PlatformSilentException {
        HttpResponse<byte[]> response = post("bans", ANSWER_TIMEOUT, new Known(version));
        if (response.statusCode() != OK) {
            throw new PlatformSilentException("POST bans: " + detail(response));
        }
        Standing standing = read(response, Standing.class);
        return standing.bans == null ? Optional.empty() : Optional.of(standing.list());
    }

    /** @param lines events, a JSON object each */
    Courier.Delivery.Result deliver(String gateway, String lines) {
        String body = "{\"gateway\":\"" + gateway + "\",\"events\":["
                + lines.lines().filter(PlatformDesk::isWhole).collect(Collectors.joining(",")) + "]}";
        try {
            HttpResponse<byte[]> response = send(HttpRequest.newBuilder(logins.resolve("events"))
                    .timeout(ANSWER_TIMEOUT)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body))
                    .build());
            if (response.statusCode() == NO_CONTENT) {
                return Courier.Delivery.Result.TAKEN;
            }
            LOG.warn(
                    "event=audit-not-taken status={} cause=\"{}\"",
                    response.statusCode(),
                    Printable.line(detail(response)));
            return isFinal(response.statusCode()) ? Courier.Delivery.Result.REFUSED : Courier.Delivery.Result.SILENT;
        } catch (PlatformSilentException e) {
            return Courier.Delivery.Result.SILENT;
        }
    }

    /** A part of a recording. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record RecordedPart(
            String gateway,
            @JsonUnwrapped Facts facts,
            long offset,
            String bytes,
            Ending.@Nullable How how,
            @Nullable Instant endedAt) {}

    private record Kept(@Nullable Long size, @Nullable Boolean full) {}

    /** @param gateway the fingerprint of our host key */
    RecordingCourier.Answer record(String gateway, Facts facts, long offset, byte[] bytes, @Nullable Ending ending) {
        var part = new RecordedPart(
                gateway,
                facts,
                offset,
                Base64.getEncoder().encodeToString(bytes),
                ending == null ? null : ending.how(),
                ending == null ? null : ending.at());
        try {
            HttpResponse<byte[]> response = post("recordings", ANSWER_TIMEOUT, part);
            if (response.statusCode() == OK) {
                Kept kept = read(response, Kept.class);
                return new RecordingCourier.Answer.Has(required(kept.size), Boolean.TRUE.equals(kept.full));
            }
            LOG.warn(
                    "event=recording-not-taken status={} cause=\"{}\"",
                    response.statusCode(),
                    Printable.line(detail(response)));
            return isFinal(response.statusCode())
                    ? new RecordingCourier.Answer.Refused()
                    : new RecordingCourier.Answer.Silent();
        } catch (PlatformSilentException e) {
            LOG.debug("event=platform-silent cause={}", Printable.line(String.valueOf(e.getMessage())));
            return new RecordingCourier.Answer.Silent();
        }
    }

    /** Whether asking again would be answered in the same way. */
    private static boolean isFinal(int status) {
        return status >= REFUSED && status < FAILED && status != UNAUTHORISED;
    }

    /** A process that was killed may have written half a line. */
    private static boolean isWhole(String line) {
        return line.startsWith("{") && line.endsWith("}");
    }

    private HttpResponse<byte[]> post(String path, Duration timeout, @Nullable Object body)
            throws PlatformSilentException {
        HttpRequest.Builder request = HttpRequest.newBuilder(logins.resolve(path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
        if (body == null) {
            return send(request.POST(BodyPublishers.noBody()).build());
        }
        return send(request.header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build());
    }

    private <T> T read(HttpResponse<byte[]> response, Class<T> type) throws PlatformSilentException {
        try {
            return json.readValue(response.body(), type);
        } catch (JacksonException | InvalidSpecException e) {
            throw new PlatformSilentException("POST " + response.uri() + ": an answer of another form", e);
        }
    }

    /** The platform's own words, which are fit for the user. */
    private String detail(HttpResponse<byte[]> response) {
        try {
            String detail = json.readTree(response.body()).path("detail").asString("");
            return detail.isEmpty() ? "status " + response.statusCode() : detail;
        } catch (JacksonException e) {
            return "status " + response.statusCode();
        }
    }

    /** Asks twice: a kept connection may have ended since, when the platform was restarted, and asking changes nothing. */
    private HttpResponse<byte[]> send(HttpRequest request) throws PlatformSilentException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (HttpTimeoutException e) {
            throw silent(e);
        } catch (IOException e) {
            return sendAgain(request);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpResponse<byte[]> sendAgain(HttpRequest request) throws PlatformSilentException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private PlatformSilentException silent(IOException e) {
        return new PlatformSilentException("POST " + logins + ": " + e, e);
    }

    private PlatformSilentException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new PlatformSilentException("POST " + logins + ": interrupted", e);
    }

    private static Decision decision(Answer answer) throws PlatformSilentException {
        try {
            return understood(answer);
        } catch (InvalidSpecException e) {
            throw new PlatformSilentException("an answer of another form", e);
        }
    }

    private static Decision.SessionPolicy policy(Answer answer) {
        return answer.policy == null ? Decision.SessionPolicy.NONE : answer.policy;
    }

    private static Decision.@Nullable Standby standby(Answer answer) {
        return answer.standbyTicket == null || answer.standbyExpiresAt == null
                ? null
                : new Decision.Standby(answer.standbyTicket, answer.standbyExpiresAt);
    }

    private static Decision understood(Answer answer) throws PlatformSilentException {
        return switch (required(answer.decision)) {
            case "ALLOW" ->
                new Decision.Admitted(
                        new TenantName(required(answer.tenant)),
                        required(answer.containerName),
                        new GuestUser(required(answer.guestUser)),
                        required(answer.ticket),
                        required(answer.ticketExpiresAt),
                        required(answer.rules),
                        answer.stopped,
                        policy(answer),
                        standby(answer));
            case "LOBBY" ->
                new Decision.Lobby(
                        new TenantName(required(answer.tenant)), required(answer.rules), null, policy(answer));
            case "NO_SUCH_CONTAINER" ->
                answer.tenant == null
                        ? new Decision.Nowhere(required(answer.message))
                        : new Decision.Lobby(
                                new TenantName(answer.tenant),
                                required(answer.rules),
                                required(answer.message),
                                policy(answer));
            case "SECOND_FACTOR" ->
                new Decision.SecondFactor(new TenantName(required(answer.tenant)), required(answer.rules));
            case "NO_SECOND_FACTOR", "QUARANTINED", "LOBBY_NOT_ALLOWED" ->
                new Decision.Nowhere(required(answer.message));
            case "BAD_NAME" -> new Decision.BadName(required(answer.message));
            case String other -> new Decision.Refused(other);
        };
    }

    private static <T> T required(@Nullable T field) throws PlatformSilentException {
        if (field == null) {
            throw new PlatformSilentException("a field of the platform's answer is missing");
        }
        return field;
    }
}
