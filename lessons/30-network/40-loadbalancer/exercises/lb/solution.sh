kubectl create service loadbalancer lb --tcp=5678:8080
