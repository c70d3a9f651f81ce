// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import io.berth.platform.settings.Network;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Whom a proxy speaks for. Only what a proxy of the operator's has written itself counts: from the end of X-Forwarded-For as far as the addresses are proxies' own, and
 * the first before them. What stands further to the left is the client's to invent, and from anybody else the header means nothing. Not Tomcat's
 * RemoteIpValve, which knows addresses by regular expressions and trusts every private network unless it is told otherwise.
 */
final class ForwardedAddress extends ValveBase {
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED_PROTO = "X-Forwarded-Proto";

    private final List<Network> proxies;

    ForwardedAddress(List<Network> proxies) {
        super(true);
        this.proxies = List.copyOf(proxies);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (isProxy(address(request.getRemoteAddr()))) {
            InetAddress client = client(request.getHeaders(FORWARDED_FOR));
            if (client != null) {
                request.setRemoteAddr(client.getHostAddress());
                request.setRemoteHost(client.getHostAddress());
            }
            if ("https".equals(request.getHeader(FORWARDED_PROTO))) {
                request.setSecure(true); // cookies are for TLS only, then
                request.getCoyoteRequest().scheme().setString("https");
            }
        }
        getNext().invoke(request, response);
    }

    /** Null where nobody is named, or something that is no address: then it is the proxy's own request. */
    private @Nullable InetAddress client(Enumeration<String> headers) {
        Stream<String> lines = Collections.list(headers).stream();
        List<String> named = lines.flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .toList();
        for (String text : named.reversed()) {
            InetAddress address = address(text);
            if (!isProxy(address)) {
                return address;
            }
        }
        return null;
    }

    private boolean isProxy(@Nullable InetAddress address) {
        return address != null && proxies.stream().anyMatch(network -> network.contains(address));
    }

    private static @Nullable InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
