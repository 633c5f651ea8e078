command -v npm >/dev/null || { echo "install Node with npm"; exit 1; }
npm install --silent --no-audit --no-fund --no-save amqplib@2.3.1
