#!/bin/bash
# peer.sh start NAME [CONF] | stop NAME | do NAME COMMAND...: a long-lived smc4j process of this guest that takes commands (see Peer.java).
# A JVM takes half a minute to start in an emulated machine, so scenarios share one.
set -u
name=$2
case $1 in
    start)
        conf=${3:-/rig/smc4j.conf}
        nohup java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx768m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
            --add-exports java.base/sun.nio.ch=ALL-UNNAMED -Djava.library.path=/share/disni -Dconfig.file="$conf" -cp /share/peer.jar:/share/smc4j.jar Peer "/run/peer-$name.port" >"/share/peer-$name.log" 2>&1 &
        echo $! >"/run/peer-$name.pid"
        for _ in $(seq 600); do
            [ -s "/run/peer-$name.port" ] && exit 0
            kill -0 "$(cat "/run/peer-$name.pid")" 2>/dev/null || break
            sleep 0.2
        done
        cat "/share/peer-$name.log"
        exit 1
        ;;
    do)
        shift 2
        exec 3<>"/dev/tcp/127.0.0.1/$(cat "/run/peer-$name.port")" || exit 1
        echo "$*" >&3
        result=1
        while IFS= read -r line <&3; do
            echo "$line"
            [ "$line" = OK ] && result=0
        done
        exit $result
        ;;
    kill)
        kill -9 "$(cat "/run/peer-$name.pid")"
        rm -f "/run/peer-$name".{pid,port}
        ;;
    stop)
        [ -f "/run/peer-$name.pid" ] || exit 0
        pid=$(cat "/run/peer-$name.pid")
        kill "$pid" 2>/dev/null
        for _ in $(seq 300); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -9 "$pid" 2>/dev/null
        rm -f "/run/peer-$name".{pid,port}
        ;;
esac
