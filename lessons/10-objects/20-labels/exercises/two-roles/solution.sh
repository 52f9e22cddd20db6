kubectl label pod shop role=webserver env=dev
kubectl label pod stock role=backend env=dev
