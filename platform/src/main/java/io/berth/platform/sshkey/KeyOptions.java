// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
import io.berth.core.access.Endpoint;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import io.berth.core.spec.InvalidSpecException;
import io.berth.platform.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a key may be used for, as OpenSSH's authorized_keys names it; what is left out is not limited. */
record KeyOptions(
        @Schema(
                description =
                        "from: addresses, networks and IPv4 patterns that may come; !… may not; empty for anywhere",
                example = "[]")
        @Nullable
        List<String> from,

        @Schema(description = "expiry-time: the key is good until then") @Nullable
        Instant expiresAt,

        @Schema(description = "command: runs in place of whatever the client asks for") @Nullable
        String forcedCommand,

        @Schema(description = "permitopen: where ssh -L and -D may connect to, host:port; empty for anywhere") @Nullable
        List<String> permitOpen,

        @Schema(description = "permitlisten: where ssh -R may listen, [host:]port; empty for anywhere") @Nullable
        List<String> permitListen,

        @Nullable Boolean noPty,
        @Nullable Boolean noPortForwarding,
        @Nullable Boolean noAgentForwarding,
        @Nullable Boolean noX11Forwarding,

        @Schema(description = "no-touch-required: a FIDO key need not be touched") @Nullable
        Boolean noTouchRequired,

        @Schema(description = "verify-required: a FIDO key must ask for its PIN or a fingerprint") @Nullable
        Boolean verifyRequired) {

    static KeyOptions of(AccessRules rules) {
        ForwardingRules forwarding = rules.forwarding();
        return new KeyOptions(
                rules.from().texts(),
                rules.expiresAt(),
                rules.forcedCommand(),
                texts(forwarding.open()),
                texts(forwarding.listen()),
                !rules.pty(),
                !forwarding.ports(),
                !forwarding.agent(),
                !forwarding.x11(),
                !rules.touch(),
                rules.pin());
    }

    private static List<String> texts(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::toString).toList();
    }

    /**
     * @param above what the fields' names begin with, such as {@code options.}
     * @throws ProblemException naming the field that is wrong
     */
    AccessRules rules(String above) {
        return checked(
                above,
                "",
                () -> new AccessRules(
                        checked(above, "", () -> Sources.of(orEmpty(from))),
                        expiresAt,
                        forcedCommand,
                        !isSet(noPty),
                        !isSet(noTouchRequired),
                        isSet(verifyRequired),
                        forwarding(above)));
    }

    private ForwardingRules forwarding(String above) {
        List<Endpoint> open = endpoints(above, "permitOpen", permitOpen, Endpoint::parse);
        List<Endpoint> listen = endpoints(above, "permitListen", permitListen, KeyOptions::listening);
        return checked(
                above,
                "",
                () -> new ForwardingRules(
                        !isSet(noPortForwarding), !isSet(noAgentForwarding), !isSet(noX11Forwarding), open, listen));
    }

    private static List<Endpoint> endpoints(
            String above, String field, @Nullable List<String> texts, Function<String, Endpoint> parse) {
        return checked(above, field, () -> orEmpty(texts).stream().map(parse).toList());
    }

    /** A port alone means every host, as for sshd. */
    static Endpoint listening(String text) {
        return Endpoint.parse(text.indexOf(':') < 0 ? "*:" + text : text);
    }

    /** @param field whose value it is; empty where the exception names it */
    private static <T> T checked(String above, String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidSpecException e) {
            String named = field.isEmpty() ? e.field() : field;
            String why = String.valueOf(e.getMessage()).substring(e.field().length() + 2);
            throw ProblemException.field(above + named, above + named + ": " + why);
        }
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private static boolean isSet(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
