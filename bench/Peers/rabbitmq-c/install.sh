if ! [ -f /usr/include/amqp.h ] || ! command -v gcc >/dev/null; then
    { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || { echo "install gcc and librabbitmq-dev"; exit 1; }
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends gcc libc6-dev librabbitmq-dev >/dev/null
fi
for program in producer consumer; do gcc -O2 -Wall -o $program $program.c -lrabbitmq; done
